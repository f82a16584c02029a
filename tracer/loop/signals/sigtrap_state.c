/* Keeps the program's own SIGTRAP; see sigtrap_state.h. Loop layer. */
#include "tracer/loop/signals/sigtrap_state.h"

#include <sys/syscall.h>

#include "tracer/arch/arch.h"
#include "tracer/loop/signals/fallback_watch.h"
#include "tracer/loop/signals/sigtrap_private.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/probe/image.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/proc/signal_state.h"

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

/* What the action was at a trap tells of the thread's mask. */
enum trap_mask { MASK_UNTOLD, MASK_OPEN, MASK_BLOCKED };

/*
 * The kernel resets a handler for one reason: the thread blocks the signal. With several threads,
 * another one's trap may have reset it; but a mask from before us is less to be trusted than that.
 */
static bool action_tells_mask(const struct tracee *tracee)
{
	return sigtrap_is_function(tracee->process->state->hit.trap_handler) &&
	       (tracee->process->thread_count == 1 || tracee->state->hit.is_mask_old);
}

/* @was_reset: the action was, at the trap of @tracee; or at another one's, whose stop has restored it since. */
static enum trap_mask mask_told(const struct tracee *tracee, bool was_reset)
{
	const bool may_be_restored =
		tracee->process->state->hit.resets != tracee->state->hit.resets_seen;

	if (was_reset)
		return MASK_BLOCKED;
	return may_be_restored ? MASK_UNTOLD : MASK_OPEN;
}

static struct error *set_action(struct tracee *tracee, taddr_t scratch,
				const struct kernel_sigaction *wanted)
{
	const uint64_t set[6] = { SIGTRAP, scratch.value, 0, KERNEL_SIGSET_BYTES };
	struct kernel_sigaction action = *wanted;

	return call_with_data(tracee, scratch, SYS_rt_sigaction, set, &action, sizeof(action));
}

/* One that is pending, for it is blocked as well, must stay so: to ignore a signal discards it. */
static struct error *ignore_again(struct tracee *tracee, taddr_t scratch,
				  const struct kernel_sigaction *action)
{
	const uint64_t send[6] = { (uint64_t)tracee->process->pid, SIGTRAP, scratch.value };
	siginfo_t pending;
	bool is_pending;

	struct error *err = ptrace_peek_pending(tracee->tid, SIGTRAP, &pending, &is_pending);
	if (err == NULL)
		err = set_action(tracee, scratch, action);
	if (err != NULL || !is_pending)
		return err;
	return call_with_data(tracee, scratch, SYS_rt_sigqueueinfo, send, &pending,
			      sizeof(pending));
}

/* Where there is another thread, its trap would be discarded (sigtrap_answer.c). */
static bool may_ignore_again(const struct tracee *tracee)
{
	return tracee->process->thread_count == 1;
}

/* Ours is there because the program has none. */
static void take_handler(struct process *process, uint64_t handler)
{
	const struct image *image = process->space->image;

	process->state->hit.trap_handler =
		trap_fallback_is_handler(&image->trap_fallback, &image->injected, handler)
			? DEFAULT_HANDLER
			: handler;
	process->state->hit.stand_in = 0;
}

/*
 * Another thread may be between our trap, where it said what it wants, and the system call that says it to the kernel:
 *
 *   we, at a stop of one thread          another thread
 *                                        stands in sigaction, before its system call
 *   rt_sigaction: the default (as ever)
 *                                        rt_sigaction(SIGTRAP, &action)
 *   rt_sigaction(its handler, the flags of before)
 *
 * What looks like a reset is left alone then.
 */
static struct error *restore_action(struct tracee *tracee, taddr_t pc, taddr_t sp, taddr_t scratch,
				    enum trap_mask *ret)
{
	struct process_hit_state *hit = &tracee->process->state->hit;
	struct kernel_sigaction action = { 0 };
	const uint64_t get[6] = { SIGTRAP, 0, scratch.value, KERNEL_SIGSET_BYTES };

	struct error *err =
		call_with_data(tracee, scratch, SYS_rt_sigaction, get, &action, sizeof(action));
	if (err != NULL)
		return err;
	if (sigtrap_state_translate(tracee->process, &action))
		action.handler = DEFAULT_HANDLER; /* what stands in for it is to go */
	sigtrap_state_confirm(tracee, pc, sp, action.handler);
	/* It may have been said where we do not see it. */
	bool is_news = action.handler != DEFAULT_HANDLER && hit->setter.tid == 0;
	if (hit->trap_handler == UNKNOWN_HANDLER || is_news)
		take_handler(tracee->process, action.handler);
	/* Only the handler is reset; flags, restorer and mask stay. */
	if ((action.flags & SA_RESETHAND) != 0 && hit->trap_was_delivered)
		hit->trap_handler = action.handler;
	bool is_reset = action.handler != hit->trap_handler && action.handler == DEFAULT_HANDLER;
	if (is_reset && hit->setter.tid != 0)
		return NULL;
	if (action_tells_mask(tracee))
		*ret = mask_told(tracee, is_reset);
	if (!is_reset)
		return NULL;
	hit->resets++;
	action.handler = hit->trap_handler;
	return action.handler == IGNORE_HANDLER ? ignore_again(tracee, scratch, &action)
						: set_action(tracee, scratch, &action);
}

/* It is to be handled from now on, but the kernel may not have been told yet: as long as it was not, it is ignored. */
static bool is_still_ignored(const struct tracee *tracee)
{
	const struct process_hit_state *hit = &tracee->process->state->hit;
	struct signal_state state;

	if (!sigtrap_is_function(hit->trap_handler) || hit->setter.tid == 0 ||
	    !hit->setter.was_ignored || hit->trap_was_delivered)
		return false;
	struct error *err = signal_state_read(tracee->tid, &state);
	bool is = err == NULL && !signal_set_has(state.caught, SIGTRAP);
	error_free(err);
	return is;
}

bool sigtrap_state_swallows(const struct tracee *tracee)
{
	siginfo_t info;

	if (tracee->process->state->hit.trap_handler != IGNORE_HANDLER && !is_still_ignored(tracee))
		return false;
	/* What an instruction has raised ends the program, ignored or not. */
	struct error *err = ptrace_get_siginfo(tracee->tid, &info);
	bool was_sent = err == NULL && info.si_code <= 0;
	error_free(err);
	return was_sent;
}

bool sigtrap_state_was_reset(const struct tracee *tracee)
{
	struct signal_state state;

	if (!action_tells_mask(tracee))
		return false;
	struct error *err = signal_state_read(tracee->tid, &state);
	bool was_reset = err == NULL && !signal_set_has(state.caught, SIGTRAP);
	error_free(err);
	return was_reset;
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

static struct error *set_trap_mask(struct tracee *tracee, bool is_blocked)
{
	uint64_t mask;

	struct error *err = ptrace_get_sigmask(tracee->tid, &mask);
	uint64_t wanted = is_blocked ? mask | TRAP_BIT : mask & ~TRAP_BIT;
	return err != NULL ? err : ptrace_set_sigmask(tracee->tid, wanted);
}

/*
 * The one that was there when we came is left alone where it is the fallback of an earlier
 * mprof-trace, and in Go, which has handlers for all signals and for this one no use: its hits need
 * not cost more.
 */
bool sigtrap_state_is_unknown(const struct process *process)
{
	const struct image *image = process->space == NULL ? NULL : process->space->image;

	return process->state->hit.trap_handler == UNKNOWN_HANDLER && image != NULL &&
	       !image->is_go && !image->trap_fallback.is_installed;
}

bool sigtrap_state_is_default(const struct process *process)
{
	return process->state->hit.trap_handler == DEFAULT_HANDLER;
}

bool sigtrap_state_is_ignored(const struct process *process)
{
	return process->state->hit.trap_handler == IGNORE_HANDLER;
}

/* The action is another than the default, we know which, and can set it. */
static bool is_said(const struct tracee *tracee)
{
	const uint64_t handler = tracee->process->state->hit.trap_handler;

	return handler == IGNORE_HANDLER ? may_ignore_again(tracee) : sigtrap_is_function(handler);
}

static bool sigtrap_state_is_needed(const struct tracee *tracee)
{
	return tracee->state->hit.blocks_trap || is_said(tracee) ||
	       sigtrap_state_is_unknown(tracee->process);
}

struct error *sigtrap_state_note(const struct tracee *tracee, siginfo_t *ret)
{
	*ret = (siginfo_t){ .si_code = SI_KERNEL };
	return sigtrap_state_is_needed(tracee) ? ptrace_get_siginfo(tracee->tid, ret) : NULL;
}

/* The mask may be another than the last call that we have seen has set: a handler's, for one. */
static bool note_mask(struct tracee *tracee, enum trap_mask told)
{
	struct hit_state *hit = &tracee->state->hit;

	if (told == MASK_OPEN)
		hit->blocks_trap = hit->is_mask_old = false;
	return told == MASK_UNTOLD ? hit->blocks_trap : told == MASK_BLOCKED;
}

static struct error *restore_fallback(struct tracee *tracee, enum trap_mask *ret)
{
	const struct image *image = tracee->process->space->image;
	bool was_reset;

	struct error *err = trap_fallback_reinstall(&image->trap_fallback, &image->injected, tracee,
						    &was_reset);
	if (image->trap_fallback.is_installed && tracee->state->hit.is_mask_old)
		*ret = mask_told(tracee, was_reset);
	tracee->process->state->hit.resets += was_reset;
	return err;
}

/* Nothing is known that the trap could have undone; but what the program's handlers block is not known. */
static struct error *restore_unneeded(struct tracee *tracee)
{
	const struct image *image = tracee->process->space->image;
	enum trap_mask told;

	if (!image->trap_fallback.is_installed || !sigtrap_state_is_default(tracee->process) ||
	    !fallback_watch_is_lost(tracee))
		return NULL;
	return restore_fallback(tracee, &told);
}

struct error *sigtrap_state_restore(struct tracee *tracee, siginfo_t *info)
{
	uint8_t saved[sizeof(siginfo_t)];
	enum trap_mask told = MASK_UNTOLD;
	taddr_t pc, sp;

	if (!sigtrap_state_is_needed(tracee))
		return restore_unneeded(tracee);
	const struct address_space *space = tracee->process->space;
	/* First: a SIGTRAP that is pending must not come while a system call is injected. */
	bool is_held = tracee->state->hit.blocks_trap || action_tells_mask(tracee);
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	taddr_t scratch = arch_stack_below(sp, sizeof(saved));
	if (err == NULL && is_held)
		err = set_trap_mask(tracee, true);
	if (err == NULL)
		err = address_space_read(space, scratch, saved, sizeof(saved));
	if (err == NULL && (is_said(tracee) || sigtrap_state_is_unknown(tracee->process)))
		err = restore_action(tracee, pc, sp, scratch, &told);
	else if (err == NULL && sigtrap_state_is_default(tracee->process))
		err = restore_fallback(tracee, &told);
	if (err == NULL && told == MASK_UNTOLD) {
		sigtrap_state_look_at_frames(tracee, sp);
		told = sigtrap_state_has_unblocked(tracee, sp) ? MASK_OPEN : MASK_UNTOLD;
	}
	if (err == NULL && note_mask(tracee, told))
		err = repend_signal(tracee, scratch, info);
	else if (err == NULL && is_held)
		err = set_trap_mask(tracee, false);
	if (err == NULL)
		err = address_space_write(space, scratch, saved, sizeof(saved));
	tracee->state->hit.resets_seen = tracee->process->state->hit.resets;
	return err;
}

/* The action as it is; with @ignores, ignored from now on if it is there in place of that. */
static struct error *ask(struct tracee *tracee, bool ignores, struct kernel_sigaction *ret)
{
	const struct address_space *space = tracee->process->space;
	uint8_t saved[sizeof(siginfo_t)];
	taddr_t pc, sp;

	*ret = (struct kernel_sigaction){ 0 };
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err != NULL)
		return err;
	const taddr_t scratch = arch_stack_below(sp, sizeof(saved));
	const uint64_t get[6] = { SIGTRAP, 0, scratch.value, KERNEL_SIGSET_BYTES };
	err = address_space_read(space, scratch, saved, sizeof(saved));
	if (err == NULL)
		err = call_with_data(tracee, scratch, SYS_rt_sigaction, get, ret, sizeof(*ret));
	if (err == NULL && ignores && sigtrap_state_translate(tracee->process, ret))
		err = ignore_again(tracee, scratch, ret);
	return err != NULL ? err : address_space_write(space, scratch, saved, sizeof(saved));
}

struct error *sigtrap_state_ask(struct tracee *tracee)
{
	struct kernel_sigaction action;

	struct error *err = ask(tracee, false, &action);
	if (err == NULL)
		take_handler(tracee->process, action.handler);
	return err;
}

struct error *sigtrap_state_compare(struct tracee *tracee, bool *ret_agrees)
{
	struct process_hit_state *hit = &tracee->process->state->hit;
	const struct process_hit_state known = *hit;

	struct error *err = sigtrap_state_ask(tracee);
	const uint64_t asked = hit->trap_handler;
	*hit = known;
	/* What is ignored is not ignored again where there are other threads. */
	*ret_agrees = asked == known.trap_handler ||
		      (known.trap_handler == IGNORE_HANDLER &&
		       (asked == DEFAULT_HANDLER || asked == known.stand_in));
	return err;
}

struct error *sigtrap_state_leave(struct tracee *tracee)
{
	struct kernel_sigaction action;

	return tracee->process->state->hit.trap_handler == IGNORE_HANDLER
		       ? ask(tracee, true, &action)
		       : NULL;
}
