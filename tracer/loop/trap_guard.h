/*
 * Keeps what the program itself does with SIGTRAP as it would be without our traps (loop layer).
 *
 * When an int3 is executed while SIGTRAP is blocked or ignored, the kernel unblocks it and resets its
 * action to the default (force_sig_info_to_task, kernel/signal.c). So the program's own wishes are
 * noted where it makes them, at libc's pthread_sigmask, sigaction and signal, and restored after each hit.
 */
#ifndef LOOP_TRAP_GUARD_H
#define LOOP_TRAP_GUARD_H

#include "tracer/target/target.h"

/* The program of @tracee has just been executed: what it inherits. */
struct error *trap_guard_begin(struct tracee *tracee) MUST_CHECK;

/* @tracee is at the first instruction of pthread_sigmask, of sigaction, or of signal. */
struct error *trap_guard_sigmask(struct tracee *tracee) MUST_CHECK;
struct error *trap_guard_sigaction(struct tracee *tracee) MUST_CHECK;
struct error *trap_guard_signal(struct tracee *tracee) MUST_CHECK;

/*
 * @tracee has executed one of our traps: makes good what the kernel did then. @tracee is in that stop,
 * and its pc may be changed afterwards only.
 */
struct error *trap_guard_restore(struct tracee *tracee) MUST_CHECK;

#endif
