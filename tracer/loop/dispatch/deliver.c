/* Threads run on, with a signal or without; see deliver.h. Loop layer. */
#include "tracer/loop/dispatch/deliver.h"

#include "tracer/base/clock.h"
#include "tracer/loop/dispatch/core_dump.h"
#include "tracer/loop/dispatch/init_fault.h"
#include "tracer/loop/dispatch/resume.h"
#include "tracer/loop/hit/copied_trap.h"
#include "tracer/loop/hit/hit.h"
#include "tracer/loop/hit/pad_stop.h"
#include "tracer/loop/signals/step_out.h"
#include "tracer/tracee/ptrace_ops.h"

/* Now, that is. */
static struct error *inject(struct session *session, struct tracee *tracee, int signal)
{
	const pid_t pid = tracee->process->pid, tid = tracee->tid;
	bool dumps;

	struct error *err = core_dump_begin(session, tracee, signal, &dumps);
	if (!dumps || target_tracee(&session->target, tid) == tracee) {
		err = error_first(err, hit_leave_slot(tracee, signal));
		err = err != NULL ? err : dispatch_resume(tracee, signal);
	}
	if (dumps)
		core_dump_end(session, pid, tid);
	return err;
}

struct error *deliver(struct session *session, struct tracee *tracee, int signal)
{
	bool waits;

	struct error *err = step_out_begin(tracee, signal, &waits);
	return err != NULL || waits ? err : inject(session, tracee, signal);
}

/* It may have been sent to our process group, and so to our front end, too. */
static void note_signal(struct session *session, const struct tracee *tracee, int signal)
{
	siginfo_t info = { 0 };

	error_free(ptrace_get_siginfo(tracee->tid, &info));
	if (signal > 0 && signal < _NSIG)
		session->last_signals[signal] =
			(struct received_signal){ info.si_pid, clock_now_ns() };
}

struct error *deliver_signal(struct session *session, struct tracee *tracee, int signal)
{
	if (tracee->process->is_main)
		note_signal(session, tracee, signal);
	if (init_fault_is_met(tracee, signal))
		return init_fault_let_die(session, tracee, signal);
	bool is_ours;
	struct error *err = copied_jump_fault(session, tracee, signal, &is_ours);
	if (err == NULL && !is_ours)
		err = pad_stop_fault(tracee, signal, &is_ours);
	if (err != NULL)
		return err;
	return is_ours ? dispatch_resume(tracee, 0) : deliver(session, tracee, signal);
}

struct error *deliver_stepping(struct session *session, struct tracee *tracee,
			       const struct stop *stop)
{
	bool is_signal = stop->kind == STOP_TRAP || stop->kind == STOP_SIGNAL;
	int signal = 0;

	struct error *err = step_out_stop(tracee, is_signal ? stop->signal : 0, &signal);
	return err != NULL || signal == 0 ? err : inject(session, tracee, signal);
}
