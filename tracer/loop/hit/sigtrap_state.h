/*
 * Keeps what the program itself does with SIGTRAP as it would be without our traps (loop layer).
 *
 * When an int3 is executed while SIGTRAP is blocked or ignored, the kernel unblocks it and resets its
 * action to the default (force_sig_info_to_task, kernel/signal.c). So the program's own wishes are
 * noted where it makes them, at libc's pthread_sigmask, sigaction and signal, and restored after each hit.
 */
#ifndef LOOP_HIT_SIGTRAP_STATE_H
#define LOOP_HIT_SIGTRAP_STATE_H

#include <signal.h>

#include "tracer/tracee/target.h"

/* The program of @tracee has just been executed: what it inherits. */
struct error *sigtrap_state_begin(struct tracee *tracee) MUST_CHECK;

/* @tracee is at the first instruction of pthread_sigmask, of sigaction, or of signal. */
struct error *sigtrap_state_sigmask(struct tracee *tracee) MUST_CHECK;
struct error *sigtrap_state_sigaction(struct tracee *tracee) MUST_CHECK;
struct error *sigtrap_state_signal(struct tracee *tracee) MUST_CHECK;

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
