/* What a program says of SIGTRAP beside other threads; see sigtrap_state.h. Loop layer. */
#include "tracer/loop/signals/sigtrap_state.h"

#include <string.h>
#include <sys/syscall.h>

#include "tracer/arch/arch.h"
#include "tracer/base/log.h"
#include "tracer/loop/signals/sigtrap_private.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/probe/image.h"
#include "tracer/proc/signal_state.h"
#include "tracer/tracee/ptrace_ops.h"

/*
 * To ignore a signal discards all that are pending, of all threads (do_sigaction, kernel/signal.c):
 *
 *   a thread                             another thread
 *                                        executes a trap of ours: its SIGTRAP is pending
 *   rt_sigaction(SIGTRAP, SIG_IGN)
 *                                        runs on behind the trap, in the middle of an instruction
 *
 * So the kernel is told the default action, which discards nothing, and as long as there are several threads, we ignore the
 * signal in the program's place: as after a trap, at which the kernel would reset the action anyway. Whoever asks meanwhile is
 * told that it is ignored. All of that is done at the trap of libc's function; there is nothing left for the call itself.
 *
 * Not so where the program has a handler: a signal for that may be on its way.
 *
 *   we                                   a thread
 *   resume it with a SIGTRAP
 *   rt_sigaction: the default
 *                                        looks what the action is, and the program ends
 *
 * The kernel is told nothing then: nobody gets to that handler, which stands in.
 */

/* A call of sigaction(2), by libc's function of that name or (@is_raw) by its syscall. 0: it has no such argument. */
struct trap_call {
	taddr_t action, old;
	bool is_raw;
	uint64_t
		stand_in; /* the handler that remains where the signal is ignored from now on; 0: none */
};

/* glibc's and musl's are the same: ours stands for the program's. The kernel has the first word of its mask. */
static void to_libc(const struct kernel_sigaction *action, struct sigaction *ret)
{
	ret->sa_handler = (void (*)(int))(uintptr_t)action->handler;
	ret->sa_flags = (int)action->flags;
	ret->sa_restorer = (void (*)(void))(uintptr_t)action->restorer;
	memcpy(&ret->sa_mask, &action->mask, sizeof(action->mask));
}

static void of_libc(const struct sigaction *action, struct kernel_sigaction *ret)
{
	*ret = (struct kernel_sigaction){
		.handler = (uintptr_t)action->sa_handler,
		.flags = (unsigned)action->sa_flags,
	};
	memcpy(&ret->mask, &action->sa_mask, sizeof(ret->mask));
}

static size_t action_bytes(const struct trap_call *call)
{
	return call->is_raw ? sizeof(struct kernel_sigaction) : sizeof(struct sigaction);
}

/* What is to be done from now on. Not all of it can be read: that is the program's fault, and the kernel's business. */
static bool read_wanted(const struct address_space *space, const struct trap_call *call,
			struct kernel_sigaction *ret)
{
	struct sigaction libc_has = { 0 };
	void *to = call->is_raw ? (void *)ret : &libc_has;

	if (call->action.value == 0 ||
	    address_space_read_some(space, call->action, to, action_bytes(call)) !=
		    action_bytes(call))
		return false;
	if (!call->is_raw)
		of_libc(&libc_has, ret);
	return true;
}

/* What @call replies, where it wants to have it. *@ret: it is there, and all that the program had there may be written. */
static struct error *reply(struct tracee *tracee, const struct trap_call *call, bool *ret)
{
	const struct address_space *space = tracee->process->space;
	const uint64_t get[6] = { SIGTRAP, 0, call->old.value, KERNEL_SIGSET_BYTES };
	struct kernel_sigaction action;
	struct sigaction libc_has;
	long result = 0;

	*ret = false;
	if (address_space_read_some(space, call->old, &libc_has, action_bytes(call)) !=
	    action_bytes(call))
		return NULL;
	/* The kernel itself writes there first: we could also where the program may not. */
	struct error *err = injection_syscall(&space->image->injected.injection, tracee,
					      SYS_rt_sigaction, get, &result);
	if (err != NULL || result != 0)
		return err;
	err = address_space_read(space, call->old, &action, sizeof(action));
	if (err != NULL)
		return err;
	(void)sigtrap_state_translate(tracee->process, &action);
	to_libc(&action, &libc_has);
	err = address_space_write(space, call->old, call->is_raw ? (void *)&action : &libc_has,
				  action_bytes(call));
	*ret = err == NULL;
	return err;
}

/* Those of the program's own that are pending are discarded: for this thread, which is at no trap any more, and for all. */
static struct error *discard_pending(struct tracee *tracee, taddr_t room)
{
	const struct address_space *space = tracee->process->space;
	const uint64_t set_and_no_time[3] = { TRAP_BIT };
	const uint64_t take[6] = { room.value, 0, room.value + sizeof(uint64_t),
				   KERNEL_SIGSET_BYTES };
	struct signal_state state;
	long result = SIGTRAP;

	struct error *err = signal_state_read(tracee->tid, &state);
	if (err != NULL || !signal_set_has(state.pending | state.pending_shared, SIGTRAP))
		return err;
	err = address_space_write(space, room, set_and_no_time, sizeof(set_and_no_time));
	while (err == NULL && result == SIGTRAP)
		err = injection_syscall(&space->image->injected.injection, tracee,
					SYS_rt_sigtimedwait, take, &result);
	return err;
}

static struct error *set(struct tracee *tracee, taddr_t room, const struct kernel_sigaction *action)
{
	const struct address_space *space = tracee->process->space;

	return injection_set_trap_action(&space->image->injected.injection, tracee, room, action,
					 NULL);
}

/* What the kernel has @now is a handler of the program's own. */
static bool is_handled(const struct tracee *tracee, const struct kernel_sigaction *now)
{
	const struct image *image = tracee->process->space->image;

	return sigtrap_is_function(now->handler) &&
	       !trap_fallback_is_handler(&image->trap_fallback, &image->injected, now->handler);
}

/* It is to be ignored. The kernel has what the program says, but for the handler; or what it has @now. */
static struct error *ignore_for_it(struct tracee *tracee, taddr_t room, struct trap_call *call,
				   const struct kernel_sigaction *now,
				   const struct kernel_sigaction *wanted)
{
	struct kernel_sigaction action = *wanted;
	struct error *err = NULL;

	action.handler = DEFAULT_HANDLER;
	if (is_handled(tracee, now))
		call->stand_in = now->handler;
	else
		err = set(tracee, room, &action);
	if (err == NULL)
		err = discard_pending(tracee, room);
	if (err == NULL)
		call->action = taddr(0);
	return err;
}

/*
 * It is no longer to be ignored. Until the call itself said so, the handler that stands in would be called. How that one
 * returns, libc knows; the next one returns in the same way.
 */
static struct error *replace_stand_in(struct tracee *tracee, taddr_t room, struct trap_call *call,
				      const struct kernel_sigaction *now,
				      const struct kernel_sigaction *wanted)
{
	struct kernel_sigaction action = *wanted;

	if (!is_handled(tracee, now) || now->handler != tracee->process->state->hit.stand_in)
		return NULL;
	if (!call->is_raw) {
		action.flags |= now->flags & KERNEL_SA_RESTORER;
		action.restorer = now->restorer;
	}
	struct error *err = set(tracee, room, &action);
	if (err == NULL)
		call->action = taddr(0);
	return err;
}

/* @wanted is told to the kernel as far as it is to know of it. */
static struct error *tell(struct tracee *tracee, struct trap_call *call,
			  const struct kernel_sigaction *wanted)
{
	const struct address_space *space = tracee->process->space;
	struct kernel_sigaction now;
	uint8_t saved[sizeof(now)];
	taddr_t pc, sp;

	struct error *err =
		injection_get_trap_action(&space->image->injected.injection, tracee, &now);
	if (err == NULL)
		err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err != NULL)
		return err;
	const taddr_t room = arch_stack_below(sp, sizeof(saved));
	err = address_space_read(space, room, saved, sizeof(saved));
	if (err != NULL)
		return err;
	err = wanted->handler == IGNORE_HANDLER
		      ? ignore_for_it(tracee, room, call, &now, wanted)
		      : replace_stand_in(tracee, room, call, &now, wanted);
	return error_first(err, address_space_write(space, room, saved, sizeof(saved)));
}

/* Whether the reply would be written over what is still to be read. */
static bool overlaps(const struct trap_call *call)
{
	return call->old.value - call->action.value < action_bytes(call) ||
	       call->action.value - call->old.value < action_bytes(call);
}

/* Does of @call, which says @wanted if it says anything, what the kernel is not to do, and takes it out of @call. */
static struct error *answer(struct tracee *tracee, struct trap_call *call,
			    const struct kernel_sigaction *wanted)
{
	const bool was_ignored = tracee->process->state->hit.trap_handler == IGNORE_HANDLER;
	const bool ignores = wanted != NULL && wanted->handler == IGNORE_HANDLER;
	bool has_reply = true;
	struct error *err = NULL;

	if (!ignores && !was_ignored)
		return NULL;
	if (call->old.value != 0) {
		if (!ignores && wanted != NULL && overlaps(call))
			return NULL;
		err = reply(tracee, call, &has_reply);
	}
	if (err == NULL && has_reply && wanted != NULL)
		err = tell(tracee, call, wanted);
	if (err == NULL && has_reply)
		call->old = taddr(0);
	return err;
}

/* The registers say what is left of @call, whose arguments begin with number @first. */
static struct error *leave_rest(const struct tracee *tracee, unsigned first,
				const struct trap_call *call)
{
	struct user_regs_struct regs;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL)
		return err;
	arch_set_argument(&regs, first + 1, call->action.value);
	arch_set_argument(&regs, first + 2, call->old.value);
	return ptrace_set_regs(tracee->tid, &regs);
}

struct error *sigtrap_state_sigaction(struct tracee *tracee, unsigned first, bool is_raw)
{
	struct kernel_sigaction wanted;
	struct user_regs_struct regs;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL || (int)arch_argument(&regs, first) != SIGTRAP ||
	    (is_raw && arch_argument(&regs, first + 3) != KERNEL_SIGSET_BYTES))
		return err;
	const struct trap_call said = {
		.action = taddr(arch_argument(&regs, first + 1)),
		.old = taddr(arch_argument(&regs, first + 2)),
		.is_raw = is_raw,
	};
	struct trap_call call = said;
	const bool says = read_wanted(tracee->process->space, &call, &wanted);
	if (tracee->process->thread_count > 1 && (says || call.action.value == 0))
		err = answer(tracee, &call, says ? &wanted : NULL);
	(void)error_take(&err, ERR_FORMAT, log_debug,
			 "process %d says itself what it does with SIGTRAP", tracee->process->pid);
	if (says)
		sigtrap_state_said(tracee, wanted.handler);
	struct process_hit_state *hit = &tracee->process->state->hit;
	const bool is_done = call.action.value != said.action.value;
	if (is_done) {
		hit->setter.tid = 0;
		hit->ignored = wanted;
		hit->stand_in = call.stand_in;
	}
	if (err == NULL && (is_done || call.old.value != said.old.value))
		err = leave_rest(tracee, first, &call);
	return err;
}
