/* Faults of the first process of a PID namespace; see init_fault.h. Loop layer. */
#include "tracer/loop/dispatch/init_fault.h"

#include "tracer/loop/dispatch/family.h"
#include "tracer/loop/hit/hit.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/proc/signal_state.h"
#include "tracer/tracee/ptrace_ops.h"

/* The instruction is executed again after the signal; after an int3 it is not. */
static bool is_repeated(int signal)
{
	return signal_is_fault(signal) && signal != SIGTRAP;
}

bool init_fault_is_met(const struct tracee *tracee, int signal)
{
	struct process_hit_state *hit = &tracee->process->state->hit;
	struct signal_state state = { 0 };
	siginfo_t info = { 0 };

	if (!is_repeated(signal) || hit->is_no_init)
		return false;
	error_free(ptrace_get_siginfo(tracee->tid, &info));
	if (info.si_code <= 0) /* somebody has sent it: sigaction(2) */
		return false;
	struct error *err = signal_state_read(tracee->tid, &state);
	hit->is_no_init = err == NULL && !state.is_init;
	bool is_met = err == NULL && state.is_init && !signal_set_has(state.caught, signal);
	error_free(err);
	return is_met;
}

struct error *init_fault_let_die(struct session *session, struct tracee *tracee, int signal)
{
	const struct process *process = tracee->process;
	pid_t tid = tracee->tid;
	struct error *err = NULL;

	/* What another process uses, too, keeps its sites: the thread faults where it is, in the slot. */
	if (!process->shares_memory) {
		err = hit_leave_slot(tracee, signal);
		if (err == NULL && process->space != NULL && process->space->image != NULL)
			err = image_restore(process->space->image);
	}
	if (err != NULL)
		return err;
	family_exiting(session, tracee);
	err = ptrace_detach(tid, 0);
	if (err == NULL)
		family_ended(session, tracee, signal);
	return err;
}
