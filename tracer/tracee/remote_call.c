/* Makes a stopped thread call a function of its own; see remote_call.h. Tracee layer. */
#include "tracer/tracee/remote_call.h"

#include <stdlib.h>

#include "tracer/arch/arch.h"
#include "tracer/tracee/ptrace_ops.h"

/* What the thread needs when we die meanwhile. */
static struct error *keep_registers(const struct tracee *tracee, struct remote_call *call,
				    taddr_t way_on)
{
	const struct address_space *space = tracee->process->space;
	uint64_t words[ARCH_CALL_WORDS];
	taddr_t way_on_at;

	arch_call_keep(&call->saved, words, &way_on_at);
	call->below = arch_stack_below(call->data, sizeof(words));
	struct error *err = address_space_write(space, call->below, words, sizeof(words));
	return err != NULL
		       ? err
		       : address_space_write(space, way_on_at, &way_on.value, sizeof(way_on.value));
}

struct error *remote_call_begin(struct tracee *tracee, taddr_t trap, taddr_t way_on,
				const void *data, size_t data_bytes)
{
	struct remote_call *call = calloc(1, sizeof(*call));

	if (call == NULL)
		return error_no_memory();
	call->trap = trap;
	struct error *err = address_space_write(tracee->process->space, trap, arch_trap_insn,
						arch_trap_insn_bytes);
	if (err == NULL)
		err = ptrace_get_regs(tracee->tid, &call->saved);
	if (err == NULL) {
		call->data = arch_stack_below(arch_sp(&call->saved), data_bytes);
		if (data_bytes > 0)
			err = address_space_write(tracee->process->space, call->data, data,
						  data_bytes);
	}
	if (err == NULL)
		err = keep_registers(tracee, call, way_on);
	if (err != NULL) {
		free(call);
		return err;
	}
	tracee->remote_call = call;
	return NULL;
}

struct error *remote_call_make(struct tracee *tracee, taddr_t function, const uint64_t *arguments,
			       size_t count)
{
	struct remote_call *call = tracee->remote_call;
	struct user_regs_struct regs = call->saved;
	const uint64_t return_address = call->trap.value;

	arch_call_prepare(&regs, function, call->below, arguments, count);
	call->sp = taddr_add(arch_sp(&regs), sizeof(return_address));
	struct error *err = address_space_write(tracee->process->space, arch_sp(&regs),
						&return_address, sizeof(return_address));
	return err != NULL ? err : ptrace_set_regs(tracee->tid, &regs);
}

bool remote_call_has_returned(const struct tracee *tracee, uint64_t *ret)
{
	const struct remote_call *call = tracee->remote_call;
	struct user_regs_struct regs;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	bool has_returned = err == NULL && taddr_equal(arch_sp(&regs), call->sp) &&
			    taddr_equal(arch_trap_site(arch_pc(&regs)), call->trap);
	error_free(err);
	if (has_returned)
		*ret = arch_return_value(&regs);
	return has_returned;
}

struct error *remote_call_end(struct tracee *tracee, taddr_t pc)
{
	struct user_regs_struct regs = tracee->remote_call->saved;

	free(tracee->remote_call);
	tracee->remote_call = NULL;
	arch_set_pc(&regs, pc);
	arch_syscall_leave(&regs);
	return ptrace_set_regs(tracee->tid, &regs);
}
