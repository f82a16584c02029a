/*
 * Keeps what the program itself does with SIGTRAP as it would be without our traps (loop layer).
 *
 * When an int3 is executed while SIGTRAP is blocked or ignored, the kernel unblocks it and resets its
 * action to the default (force_sig_info_to_task, kernel/signal.c). What there was before, it does not
 * tell any more. So the program's own wishes are noted where it makes them (libc's pthread_sigmask,
 * sigaction and syscall), and restored after each hit. While there is a handler, a hit tells of the
 * mask as well, however that was set: the kernel resets a handler only if the thread blocks the signal.
 */
#ifndef LOOP_SIGNALS_SIGTRAP_STATE_H
#define LOOP_SIGNALS_SIGTRAP_STATE_H

#include <signal.h>

#include "tracer/tracee/target.h"

/* The program of @tracee has just been executed: what it inherits. */
struct error *sigtrap_state_begin(struct tracee *tracee) MUST_CHECK;

/* No trap is in @process yet, which was there before us: what it does now. */
struct error *sigtrap_state_begin_attached(struct process *process) MUST_CHECK;

/*
 * @tracee is stopped or asleep, at @sp: where it blocks SIGTRAP since before us, it is looked whether that is for a handler,
 * and so only until that returns. Once.
 */
void sigtrap_state_look_at_frames(struct tracee *tracee, taddr_t sp);

/* @child, a thread or process that has not run yet, was made by @parent, whose mask it has. */
void sigtrap_state_inherit(struct tracee *child, const struct tracee *parent);

/* Masks that were read before what is said of them was seen may have changed in between. No hit waits to be handled. */
void sigtrap_state_look_again(struct process *process);

void sigtrap_state_forget(struct process *process); /* nothing is known, so nothing is done */

/* Whether the program has left SIGTRAP as it is by default; or ignores it, which the kernel may not know. */
bool sigtrap_state_is_default(const struct process *process);
bool sigtrap_state_is_ignored(const struct process *process);

/*
 * Whether @process has a handler for SIGTRAP that is not known, and that a trap may lose; and asks the
 * program for it: @tracee is stopped, outside any system call.
 */
bool sigtrap_state_is_unknown(const struct process *process);
struct error *sigtrap_state_ask(struct tracee *tracee) MUST_CHECK;

/* Likewise, but only whether it does what is known of it. */
struct error *sigtrap_state_compare(struct tracee *tracee, bool *ret_agrees) MUST_CHECK;

/* @tracee is about to call sigprocmask(@how, @set_at). */
void sigtrap_state_sigmask(struct tracee *tracee, int how, taddr_t set_at);

/*
 * @tracee is about to call sigaction(2), by libc's function of that name or (@is_raw) by its syscall: the arguments begin
 * with number @first. Where there are other threads, what the kernel must not be told is done in its place, and taken out of
 * the arguments.
 */
struct error *sigtrap_state_sigaction(struct tracee *tracee, unsigned first,
				      bool is_raw) MUST_CHECK;

/* A SIGTRAP of the program's own is delivered to @tracee: an action with SA_RESETHAND is used up. */
void sigtrap_state_delivered(struct tracee *tracee);

/*
 * Whether @tracee, in the stop of a SIGTRAP of the program's own, is not to get it: the program ignores
 * it, whatever our traps have made of that.
 */
bool sigtrap_state_swallows(const struct tracee *tracee);

/* @tracee, stopped outside any system call, is the last thread that we release; no trap is left. */
struct error *sigtrap_state_leave(struct tracee *tracee) MUST_CHECK;

/*
 * Whether the stop of @tracee, by a SIGTRAP that seems to be the program's own, is one of a trap after
 * all: that had been pending, blocked, and was delivered in place of the trap's.
 */
bool sigtrap_state_was_reset(const struct tracee *tracee);

/*
 * @tracee has executed one of our traps: what sigtrap_state_restore must know of the stop. A system call
 * that is made in it has a siginfo of its own: this comes before.
 */
struct error *sigtrap_state_note(const struct tracee *tracee, siginfo_t *ret) MUST_CHECK;

/*
 * Undoes what the kernel did at the trap. @tracee is still in that stop. @info, from sigtrap_state_note,
 * is overwritten.
 */
struct error *sigtrap_state_restore(struct tracee *tracee, siginfo_t *info) MUST_CHECK;

#endif
