/* stop -> action -> resume; see dispatch.h. Loop layer. */
#include "tracer/loop/dispatch/dispatch.h"

#include "tracer/base/log.h"
#include "tracer/loop/breaks/break_command.h"
#include "tracer/loop/breaks/break_place.h"
#include "tracer/loop/calls/calls_at_attach.h"
#include "tracer/loop/dispatch/arrivals.h"
#include "tracer/loop/dispatch/deliver.h"
#include "tracer/loop/dispatch/resume.h"
#include "tracer/loop/dispatch/early_stops.h"
#include "tracer/loop/dispatch/family.h"
#include "tracer/loop/dispatch/let_go.h"
#include "tracer/loop/dispatch/program_start.h"
#include "tracer/loop/dispatch/stop_decision.h"
#include "tracer/loop/dispatch/untraced.h"
#include "tracer/loop/hit/hit.h"
#include "tracer/loop/hit/pad_stop.h"
#include "tracer/loop/hit/ring_hits.h"
#include "tracer/loop/signals/signal_frames.h"
#include "tracer/loop/signals/sigtrap_state.h"
#include "tracer/loop/hit/thread_key.h"
#include "tracer/loop/signals/signal_at_site.h"
#include "tracer/loop/signals/step_out.h"
#include "tracer/probe/jump/pad_memory.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/tracee/remote_syscall.h"
#include "tracer/tracee/transfer.h"
#include "tracer/loop/state/thread_state.h"

/* The first stop of @tid, which has become known, if it came before. */
static struct error *dispatch_early(struct session *session, pid_t tid)
{
	struct stop early;

	if (target_tracee(&session->target, tid) == NULL || !early_stop_take(session, tid, &early))
		return NULL;
	return dispatch_stop(session, &early, NULL);
}

/* The first stops of the processes that their parent's death has made known. */
static struct error *dispatch_adopted(struct session *session)
{
	struct error *err = NULL;
	pid_t tid;

	while (err == NULL && (tid = early_stops_find_known(session)) != 0)
		err = dispatch_early(session, tid);
	return err;
}

/* Nothing is known of the thread, unless its process is: it shares what that has. */
static struct error *dispatch_unknown(struct session *session, const struct stop *stop)
{
	struct process *process = target_process(&session->target, process_of_thread(stop->tid));
	struct tracee *tracee;

	if (process == NULL || process->is_untraced)
		return early_stop_keep(session, stop);
	struct error *err = target_add_tracee(&session->target, stop->tid, process, &tracee);
	return err != NULL ? err : dispatch_stop(session, stop, NULL);
}

/* A process that is not followed gets its own bytes back, and its calls are dropped. */
static struct error *dispatch_release_unfollowed(struct session *session, struct tracee *tracee)
{
	struct address_space *space = tracee->process->space;
	pid_t tid = tracee->tid;

	struct error *err = hit_leave_slot(tracee, 0);
	if (err == NULL && space != NULL && space->image != NULL)
		err = image_restore(space->image);
	/* What its parent ignores, the kernel may not know of. */
	if (err == NULL && space != NULL && space->image != NULL && !tracee->process->shares_memory)
		error_free(sigtrap_state_leave(tracee));
	if (err == NULL)
		err = ptrace_detach(tid, 0);
	if (err == NULL)
		family_forget(session, tracee);
	return err;
}

static struct error *dispatch_after_interrupt(struct session *session, struct tracee *tracee)
{
	struct error *err = tracee->is_interrupted ? hit_hide_interrupt(tracee) : NULL;

	tracee->state->leave.is_interrupted = tracee->is_interrupted;
	tracee->is_interrupted = false;
	if (err != NULL || let_go_keeps(session, tracee))
		return err;
	return dispatch_resume(tracee, 0);
}

static struct error *dispatch_new_tracee(struct session *session, struct tracee *parent,
					 bool is_vfork)
{
	unsigned long message;
	struct tracee *child = NULL;

	struct error *err = ptrace_get_event_message(parent->tid, &message);
	if (err == NULL)
		err = family_add(session, parent, (pid_t)message, is_vfork, &child);
	err = error_ignore(err, ERR_GONE); /* killed at birth */
	if (is_vfork && child != NULL && child->process->space == parent->process->space)
		err = error_first(err, ring_hits_lend(session, parent, child->tid));
	else if (err == NULL && child != NULL && session->options->probe_mode != PROBE_BREAKPOINT)
		err = error_ignore(thread_key_note_maker(parent, child), ERR_GONE);
	if (err == NULL)
		err = dispatch_early(session, (pid_t)message);
	if (err != NULL) { /* we lack memory or descriptors: the parent must run on */
		log_warning("a child of process %d is not recorded: %s", parent->process->pid,
			    error_message(err));
		error_free(err);
		early_stop_abandon(session, parent->process, (pid_t)message, is_vfork);
	}
	return dispatch_resume(parent, 0);
}

static struct error *dispatch_exec(struct session *session, pid_t pid, const struct rusage *usage)
{
	unsigned long former_tid;

	struct error *err = ptrace_get_event_message(pid, &former_tid);
	if (err == NULL)
		err = family_exec(session, pid, (pid_t)former_tid, usage);
	if (err == NULL)
		err = dispatch_adopted(session);
	if (err != NULL)
		return err;
	struct tracee *tracee = target_tracee(&session->target, pid);
	session->is_started = true;
	if (tracee->process->is_unfollowed)
		return dispatch_release_unfollowed(session, tracee);
	if (tracee->process->space == NULL)
		return untraced_is_wanted(session, tracee) ? untraced_begin(session, tracee)
							   : dispatch_resume(tracee, 0);
	/* Nothing can be injected before execve has returned: it would overwrite its result. */
	tracee->is_leaving_exec = true;
	tracee->is_stopped = false;
	return ptrace_cont_to_syscall_stop(pid, 0);
}

static struct error *dispatch_trap(struct session *session, struct tracee *tracee, int signal)
{
	bool is_ours;

	struct error *err = hit_handle(session, tracee, &is_ours);
	if (err == NULL && !is_ours) {
		err = pad_stop_wild(tracee, &signal);
		return err != NULL ? err : deliver(session, tracee, signal);
	}
	if (err == NULL && is_ours && program_start_hit(session, tracee))
		return NULL;
	if (err != NULL ||
	    (is_ours && (let_go_keeps(session, tracee) || break_place_keeps(tracee))))
		return err;
	return dispatch_resume(tracee, is_ours ? 0 : signal);
}

static struct error *dispatch_exiting(struct session *session, struct tracee *tracee)
{
	family_exiting(session, tracee);
	struct error *err = dispatch_adopted(session);
	return err != NULL ? err : dispatch_resume(tracee, 0);
}

/*
 * PTRACE_INTERRUPT makes it report the same group-stop again. So one that was sent before has had its
 * stop: sent again, each report would lead to the next, until SIGCONT.
 */
static struct error *dispatch_listen(struct session *session, struct tracee *tracee)
{
	tracee->state->leave.is_interrupted = false;
	if (let_go_keeps(session, tracee))
		return NULL;
	tracee->is_stopped = false;
	tracee->is_interrupted = false;
	tracee->is_listening = true;
	return ptrace_listen(tracee->tid);
}

static struct error *dispatch_end(struct session *session, struct tracee *tracee, int status)
{
	family_ended(session, tracee, status);
	return dispatch_adopted(session);
}

static struct error *then_resume(struct tracee *tracee, struct error *err)
{
	return err != NULL ? err : dispatch_resume(tracee, 0);
}

static struct error *dispatch_act(struct session *session, struct tracee *tracee,
				  const struct stop *stop, const struct stop_decision *decision,
				  const struct rusage *usage)
{
	struct stop early;

	/* Also when it has been let go, and others not yet. */
	if (stop->kind == STOP_ENDED && stop->tid == session->main_pid) {
		session->main_status = stop->status;
		session->main_signal = stop->signal;
	}
	switch (decision->act) {
	case ACT_EXEC:
		return dispatch_exec(session, stop->tid, usage);
	case ACT_EXEC_LEFT:
		return program_start_exec_left(session, tracee);
	case ACT_NEW_TRACEE:
		return dispatch_new_tracee(session, tracee, decision->is_vfork);
	case ACT_EXIT:
		return dispatch_exiting(session, tracee);
	case ACT_END:
		return dispatch_end(session, tracee, stop->status);
	case ACT_END_UNTRACED:
		untraced_ended(session, stop->tid, stop->status, usage);
		return NULL;
	case ACT_KEEP_EARLY:
		return dispatch_unknown(session, stop);
	case ACT_FORGET_EARLY: /* it was announced, and gone when we looked; or exec has ended it */
		(void)early_stop_take(session, stop->tid, &early);
		break_command_ended(session, stop->tid, stop->status);
		return NULL;
	case ACT_LISTEN:
		return dispatch_listen(session, tracee);
	case ACT_LEAVE:
		return dispatch_release_unfollowed(session, tracee);
	case ACT_AFTER_INTERRUPT:
		return dispatch_after_interrupt(session, tracee);
	case ACT_SIGRETURN:
		return then_resume(tracee, signal_at_site_watch(tracee));
	case ACT_TRAP:
		return dispatch_trap(session, tracee, decision->signal);
	case ACT_SIGNAL:
		return deliver_signal(session, tracee, decision->signal);
	case ACT_TRANSFER:
	case ACT_RESUME:
		break;
	}
	return dispatch_resume(tracee, 0);
}

static struct stop_facts facts_of(const struct session *session, const struct tracee *tracee,
				  const struct stop *stop)
{
	struct stop_facts facts = { .is_traced = tracee != NULL };

	if (stop->kind == STOP_ENDED) {
		const struct process *process = target_process(&session->target, stop->tid);
		facts.is_untraced = process != NULL && process->is_untraced;
	}
	if (tracee == NULL)
		return facts;
	const struct process *process = tracee->process;
	/* Sites in memory that is its parent's, too, cannot be taken away. */
	facts.is_unfollowed =
		process->is_unfollowed && (!process->shares_memory || process->space == NULL);
	facts.is_leaving_exec = tracee->is_leaving_exec;
	facts.is_unread = tracee->state->calls.is_unread;
	facts.is_in_transfer = tracee->transfer != NULL;
	facts.awaits_sigreturn = tracee->state->hit.sigreturn_waits > 0;
	return facts;
}

/* Where the thread is, as far as pads are concerned. */
static struct error *dispatch_note_place(struct session *session, struct tracee *tracee,
					 const struct stop *stop)
{
	struct hit_state *hit = &tracee->state->hit;

	struct error *err = NULL;

	if (stop->kind == STOP_VFORK_DONE)
		err = ring_hits_lend(session, tracee, 0);
	if (stop_is_in_call(stop))
		hit->clear_stop = session->stop_number;
	if (err != NULL || session->options->probe_mode == PROBE_BREAKPOINT ||
	    stop->kind == STOP_EXIT)
		return err;
	err = signal_frames_read_stopped(tracee);
	if (err != NULL || hit->is_placed)
		return err;
	hit->is_placed = true;
	err = thread_key_check_new(tracee);
	if (err != NULL || tracee->process->space == NULL || tracee->process->space->image == NULL)
		return err;
	return pad_memory_close_inherited(tracee->process->space->image, tracee);
}

/* About to get a signal, or one of several of its number, that a system call of ours must not come before. */
static bool signal_comes_first(const struct tracee *tracee, const struct stop *stop)
{
	bool mixes = false, forgets = false;

	if (stop->kind == STOP_SIGNAL)
		error_free(remote_syscall_mixes(tracee, stop->signal, &mixes));
	if (stop->kind == STOP_SIGNAL || stop->kind == STOP_TRAP)
		error_free(remote_syscall_forgets(tracee, stop->signal, &forgets));
	return mixes || forgets;
}

/* What has to come first of a thread that we know. */
static struct error *dispatch_prepare(struct session *session, struct tracee *tracee,
				      const struct stop *stop, const struct stop_decision *decision)
{
	tracee->is_stopped = true;
	/* What is made for us as execve returns is made behind it. */
	tracee->is_in_call = stop_is_in_call(stop) && !tracee->is_leaving_exec;
	tracee->is_listening = false;
	hold_times_begin(&session->holds, &tracee->state->held_since_ns);
	session->stop_number++;
	struct error *err = ring_hits_take(session, tracee);
	if (err == NULL)
		err = dispatch_note_place(session, tracee, stop);
	if (err != NULL)
		return err;
	if (decision->reads_calls && !signal_comes_first(tracee, stop))
		calls_at_attach_read_stopped(session, tracee);
	return decision->tells_transfer
		       ? transfer_stop(tracee, stop->kind == STOP_SYSCALL, stop->kind == STOP_EVENT)
		       : NULL;
}

/*
 * Something of ours has failed at @stop, for want of memory or descriptors perhaps. The thread runs on,
 * without probes from now on, and so do all others, recorded as before. Takes @why.
 */
static struct error *dispatch_failed(struct session *session, const struct stop *stop,
				     const struct stop_decision *decision, struct error *why)
{
	struct tracee *tracee = target_tracee(&session->target, stop->tid);
	bool is_ours = false;

	if (tracee == NULL || !(tracee->is_stopped || stop->kind == STOP_EXEC))
		return why;
	if (session->counts.failed_stops++ == 0)
		log_warning("a stop of process %d could not be dealt with: %s",
			    tracee->process->pid, error_message(why));
	hit_stop_probing(tracee->process, why);
	if (decision->act == ACT_TRAP)
		error_free(hit_undo(session, tracee, &is_ours));
	return dispatch_resume(tracee, is_ours ? 0 : decision->signal);
}

static struct error *dispatch_decided(struct session *session, const struct stop *stop,
				      const struct rusage *usage)
{
	struct tracee *tracee = target_tracee(&session->target, stop->tid);
	const struct stop_facts facts = facts_of(session, tracee, stop);
	const struct stop_decision decision = stop_decide(stop, &facts);
	struct error *err = NULL;

	if (tracee != NULL && stop->kind != STOP_EXEC && stop->kind != STOP_ENDED)
		err = dispatch_prepare(session, tracee, stop, &decision);
	bool is_between =
		stop->kind == STOP_TRAP || stop->kind == STOP_SIGNAL || stop->kind == STOP_EVENT;
	if (err == NULL && tracee != NULL && is_between && step_out_is_on(tracee))
		err = deliver_stepping(session, tracee, stop);
	else if (err == NULL)
		err = dispatch_act(session, tracee, stop, &decision, usage);
	/* Killed in the middle of what we did: its end is on the way. */
	err = error_ignore(err, ERR_GONE);
	return err == NULL ? NULL : dispatch_failed(session, stop, &decision, err);
}

struct error *dispatch_stop(struct session *session, const struct stop *stop,
			    const struct rusage *usage)
{
	struct error *err = dispatch_decided(session, stop, usage);
	struct tracee *tracee =
		session->holds.are_kept ? target_tracee(&session->target, stop->tid) : NULL;

	if (tracee != NULL && !tracee->is_stopped)
		hold_times_end(&session->holds, &tracee->state->held_since_ns);
	return err;
}

struct error *dispatch_pending(struct session *session)
{
	struct arrival arrival;
	bool is_there;

	for (;;) {
		struct error *err = arrival_fetch(session, -1, ARRIVAL_NOW, &arrival, &is_there);
		if (err == NULL && is_there)
			err = dispatch_stop(session, &arrival.stop, &arrival.usage);
		if (err != NULL || !is_there)
			return err;
	}
}
