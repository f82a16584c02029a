/* What a stopped thread shows of its goroutine; see go_stop.h. Loop layer. */
#include "tracer/loop/calls/go_stop.h"

#include "tracer/arch/arch.h"
#include "tracer/loop/calls/goroutines.h"
#include "tracer/probe/image.h"
#include "tracer/tracee/ptrace_ops.h"

static bool read_stack(const struct tracee *tracee, taddr_t goroutine, struct goroutine_stack *ret)
{
	/* No goroutine has less (_StackMin), none more (runtime.maxstacksize, at most). */
	static const uint64_t LEAST_BYTES = 2048, MOST_BYTES = UINT64_C(1) << 32;

	return goroutine.value != 0 &&
	       address_space_read_some(tracee->process->space, goroutine, ret, sizeof(*ret)) ==
		       sizeof(*ret) &&
	       ret->high > ret->low && ret->high - ret->low >= LEAST_BYTES &&
	       ret->high - ret->low <= MOST_BYTES;
}

/* It is in a register since Go 1.17 (abi-internal.md), and in thread-local storage always. */
taddr_t go_stop_goroutine(const struct tracee *tracee, taddr_t sp)
{
	struct user_regs_struct regs;
	struct goroutine_stack stack;
	taddr_t candidates[2] = { { 0 } };

	if (!tracee->process->space->image->is_go)
		return taddr(0);
	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL) {
		error_free(err);
		return taddr(0);
	}
	arch_goroutine(&regs, &candidates[0], &candidates[1]);
	if (address_space_read_some(tracee->process->space, candidates[1], &candidates[1].value,
				    sizeof(candidates[1].value)) != sizeof(candidates[1].value))
		candidates[1] = taddr(0);
	for (int i = 0; i < 2; i++) {
		if (read_stack(tracee, candidates[i], &stack) && sp.value > stack.low &&
		    sp.value <= stack.high)
			return candidates[i];
	}
	return taddr(0);
}

/* copystack(gp *g, newsize uintptr): in a register since Go 1.17, on the stack before. */
struct error *go_stop_copy_begins(const struct tracee *tracee, const struct site_event *event,
				  taddr_t *ret)
{
	struct user_regs_struct regs;
	struct goroutine_stack stack;
	taddr_t on_stack;

	*ret = taddr(0);
	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err == NULL)
		err = address_space_read(tracee->process->space, event->cfa, &on_stack.value,
					 sizeof(on_stack.value));
	if (err != NULL)
		return err;
	/* The register of the first argument is that of results, too. */
	taddr_t goroutine = taddr(arch_return_value(&regs));
	if (!read_stack(tracee, goroutine, &stack))
		goroutine = on_stack;
	if (read_stack(tracee, goroutine, &stack) &&
	    goroutine_copy_begins(tracee->process, goroutine, &stack))
		*ret = goroutine;
	return NULL;
}

void go_stop_copy_ends(const struct tracee *tracee, taddr_t goroutine)
{
	struct goroutine_stack stack;

	if (read_stack(tracee, goroutine, &stack))
		goroutine_copy_ends(tracee->process, goroutine, &stack);
}
