/*
 * Completes a transfer that our PTRACE_INTERRUPT has cut short (tracee layer).
 *
 * A blocking write, send or recv(MSG_WAITALL) that has moved some bytes when it is interrupted returns
 * their number, and nothing tells the program's short count from an honest one (signal(7)). So the
 * thread makes the same system call for the rest, and its program gets the sum. The thread sleeps and
 * runs on meanwhile; it takes as long as the other end does. Should we be killed before its end, the
 * program gets the number of the rest alone.
 */
#ifndef TRACEE_TRANSFER_H
#define TRACEE_TRANSFER_H

#include <stdbool.h>

#include "tracer/base/error.h"
#include "tracer/tracee/target.h"

/*
 * @tracee is in the stop that our PTRACE_INTERRUPT has brought about. If that has cut a transfer, and
 * the rest can be made, @tracee->transfer is set: from then on the thread is resumed by
 * ptrace_cont_to_syscall_stop until it is NULL again. Otherwise nothing is changed.
 */
struct error *transfer_begin(struct tracee *tracee) MUST_CHECK;

/*
 * @tracee is in a stop during its transfer: @is_syscall_stop, or one that PTRACE_INTERRUPT has brought
 * about (@is_interruption), or another one. @tracee->transfer is NULL when that was the end.
 */
struct error *transfer_stop(struct tracee *tracee, bool is_syscall_stop,
			    bool is_interruption) MUST_CHECK;

/* @tracee is in any stop. Its program gets what has been moved so far. */
struct error *transfer_end(struct tracee *tracee) MUST_CHECK;

/* PTRACE_INTERRUPT is sent to @tracee to end its transfer. */
void transfer_give_up(struct tracee *tracee);

#endif
