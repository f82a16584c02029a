/* Keeps the program's own SIGTRAP; see sigtrap_state.h. Loop layer. */
#include "tracer/loop/hit/sigtrap_state.h"

#include <signal.h>
#include <sys/syscall.h>

#include "tracer/arch/arch.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/probe/image.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/proc/signal_state.h"

static const uint64_t DEFAULT_HANDLER = 0; /* SIG_DFL */
static const uint64_t IGNORE_HANDLER = 1;  /* SIG_IGN */
static const uint64_t TRAP_BIT = UINT64_C(1) << (SIGTRAP - 1);

struct error *sigtrap_state_begin(struct tracee *tracee)
{
	struct signal_state state;

	struct error *err = signal_state_read(tracee->tid, &state);
	if (err != NULL)
		return err;
	tracee->state->hit.blocks_trap = signal_set_has(state.blocked, SIGTRAP);
	tracee->process->state->hit.trap_handler =
		signal_set_has(state.ignored, SIGTRAP) ? IGNORE_HANDLER : DEFAULT_HANDLER;
	return NULL;
}

struct error *sigtrap_state_sigmask(struct tracee *tracee)
{
	struct user_regs_struct regs;
	uint64_t set;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL || arch_argument(&regs, 1) == 0)
		return err;
	/* A set that cannot be read is the program's fault: EFAULT, and nothing changes. */
	if (address_space_read_some(tracee->process->space, taddr(arch_argument(&regs, 1)), &set,
				    sizeof(set)) != sizeof(set))
		return NULL;
	bool has_trap = (set & TRAP_BIT) != 0;
	switch ((int)arch_argument(&regs, 0)) {
	case SIG_BLOCK:
		tracee->state->hit.blocks_trap = tracee->state->hit.blocks_trap || has_trap;
		break;
	case SIG_UNBLOCK:
		tracee->state->hit.blocks_trap = tracee->state->hit.blocks_trap && !has_trap;
		break;
	case SIG_SETMASK:
		tracee->state->hit.blocks_trap = has_trap;
		break;
	}
	return NULL;
}

struct error *sigtrap_state_sigaction(struct tracee *tracee)
{
	struct user_regs_struct regs;
	uint64_t handler;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL || (int)arch_argument(&regs, 0) != SIGTRAP || arch_argument(&regs, 1) == 0)
		return err;
	/* struct sigaction of libc begins with the handler, too. */
	if (address_space_read_some(tracee->process->space, taddr(arch_argument(&regs, 1)),
				    &handler, sizeof(handler)) == sizeof(handler))
		tracee->process->state->hit.trap_handler = handler;
	return NULL;
}

struct error *sigtrap_state_signal(struct tracee *tracee)
{
	struct user_regs_struct regs;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err == NULL && (int)arch_argument(&regs, 0) == SIGTRAP)
		tracee->process->state->hit.trap_handler = arch_argument(&regs, 1);
	return err;
}

/* A system call with an argument in memory: @data goes to the scratch place and comes back. */
static struct error *call_with_data(struct tracee *tracee, taddr_t scratch, long number,
				    const uint64_t arguments[6], void *data, size_t bytes)
{
	const struct address_space *space = tracee->process->space;
	long result;

	struct error *err = address_space_write(space, scratch, data, bytes);
	if (err == NULL)
		err = injection_syscall(&space->image->injected.injection, tracee, number,
					arguments, &result);
	if (err == NULL)
		err = address_space_read(space, scratch, data, bytes);
	return err;
}

static struct error *restore_action(struct tracee *tracee, taddr_t scratch)
{
	const uint64_t wanted = tracee->process->state->hit.trap_handler;
	struct kernel_sigaction action = { 0 };
	const uint64_t get[6] = { SIGTRAP, 0, scratch.value, KERNEL_SIGSET_BYTES };
	const uint64_t set[6] = { SIGTRAP, scratch.value, 0, KERNEL_SIGSET_BYTES };

	struct error *err =
		call_with_data(tracee, scratch, SYS_rt_sigaction, get, &action, sizeof(action));
	/* Only the handler is reset; flags, restorer and mask stay. A handler that we do not know of
	 * was set past libc. */
	if (err != NULL || action.handler != DEFAULT_HANDLER || wanted == DEFAULT_HANDLER)
		return err;
	action.handler = wanted;
	return call_with_data(tracee, scratch, SYS_rt_sigaction, set, &action, sizeof(action));
}

/*
 * A SIGTRAP of the program's own was pending, blocked, when ours came: the kernel has delivered that
 * one instead of queueing a second. It becomes pending again.
 */
static struct error *repend_signal(struct tracee *tracee, taddr_t scratch, siginfo_t *info)
{
	const uint64_t send[6] = { (uint64_t)tracee->process->pid, (uint64_t)tracee->tid, SIGTRAP,
				   scratch.value };

	if (info->si_code == SI_KERNEL)
		return NULL;
	return call_with_data(tracee, scratch, SYS_rt_tgsigqueueinfo, send, info, sizeof(*info));
}

static struct error *restore_mask(struct tracee *tracee)
{
	uint64_t mask;

	struct error *err = ptrace_get_sigmask(tracee->tid, &mask);
	return err != NULL ? err : ptrace_set_sigmask(tracee->tid, mask | TRAP_BIT);
}

static bool sigtrap_state_is_needed(const struct tracee *tracee)
{
	return tracee->state->hit.blocks_trap ||
	       tracee->process->state->hit.trap_handler != DEFAULT_HANDLER;
}

struct error *sigtrap_state_note(const struct tracee *tracee, siginfo_t *ret)
{
	*ret = (siginfo_t){ .si_code = SI_KERNEL };
	return sigtrap_state_is_needed(tracee) ? ptrace_get_siginfo(tracee->tid, ret) : NULL;
}

struct error *sigtrap_state_restore(struct tracee *tracee, siginfo_t *info)
{
	uint8_t saved[sizeof(siginfo_t)];
	taddr_t pc, sp;

	if (!sigtrap_state_is_needed(tracee))
		return NULL;
	const struct address_space *space = tracee->process->space;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	taddr_t scratch = arch_stack_below(sp, sizeof(saved));
	if (err == NULL && tracee->state->hit.blocks_trap)
		err = restore_mask(tracee);
	if (err == NULL)
		err = address_space_read(space, scratch, saved, sizeof(saved));
	if (err == NULL && tracee->process->state->hit.trap_handler != DEFAULT_HANDLER)
		err = restore_action(tracee, scratch);
	else if (err == NULL)
		err = trap_fallback_reinstall(&space->image->trap_fallback, &space->image->injected,
					      tracee);
	if (err == NULL && tracee->state->hit.blocks_trap)
		err = repend_signal(tracee, scratch, info);
	if (err == NULL)
		err = address_space_write(space, scratch, saved, sizeof(saved));
	return err;
}
