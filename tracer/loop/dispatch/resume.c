/* Lets one thread run on; see resume.h. Loop layer. */
#include "tracer/loop/dispatch/resume.h"

#include "tracer/loop/signals/fallback_watch.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/tracee/ptrace_ops.h"

/*
 * Any stop takes back a PTRACE_INTERRUPT that was sent before it (ptrace_stop, kernel/signal.c):
 *
 *   we                                  the thread
 *   see it compute                      calls fork
 *   PTRACE_INTERRUPT
 *                                       stops for PTRACE_EVENT_FORK, and for nothing else
 *
 * Sent again before the thread is resumed, it is felt by no system call.
 */
static void dispatch_interrupt_again(const struct tracee *tracee)
{
	if (tracee->is_interrupted)
		error_free(ptrace_interrupt(tracee->tid));
}

struct error *dispatch_resume(struct tracee *tracee, int signal)
{
	bool to_syscall = tracee->state->hit.sigreturn_waits > 0 || tracee->transfer != NULL;

	dispatch_interrupt_again(tracee);
	if (signal != 0)
		fallback_watch_signal(tracee);
	struct error *err = to_syscall ? ptrace_cont_to_syscall_stop(tracee->tid, signal)
				       : ptrace_cont(tracee->tid, signal);
	tracee->is_stopped = false;
	return err;
}
