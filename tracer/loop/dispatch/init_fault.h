/*
 * Faults of the first process of a PID namespace (loop layer).
 *
 * Such a process ignores every signal that it has no handler for (pid_namespaces(7)), and yet a fault kills
 * it. But not when the thread is traced: then the kernel keeps the process immune, drops the signal, and the
 * instruction faults again, for ever (force_sig_info_to_task and get_signal, kernel/signal.c).
 */
#ifndef LOOP_DISPATCH_INIT_FAULT_H
#define LOOP_DISPATCH_INIT_FAULT_H

#include "tracer/loop/state/session.h"

/* Whether @tracee, about to get @signal, would have died of it untraced, and will not. */
bool init_fault_is_met(const struct tracee *tracee, int signal);

/* Lets @tracee die of @signal as it would have done: it faults once more, untraced. */
struct error *init_fault_let_die(struct session *session, struct tracee *tracee,
				 int signal) MUST_CHECK;

#endif
