/* Stops one thread unfelt; see safe_stop.h. Loop layer. */
#include "tracer/loop/attach/safe_stop.h"

#include <time.h>

#include "tracer/loop/dispatch/arrivals.h"
#include "tracer/loop/dispatch/resume.h"
#include "tracer/loop/dispatch/dispatch.h"
#include "tracer/loop/hit/hit.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/loop/state/thread_state.h"

enum { ROUNDS = 8 }; /* of looking; threads sleep and run in turns */
static const struct timespec round_pause = { 0, 1500000 };

/*
 * Looks once at all threads: one that computes, else (*@ret_light) one that sleeps lightly.
 * *@ret_hopes: one runs, and may turn out to compute.
 */
static struct tracee *safe_stop_look(const struct session *session, pid_t pid,
				     struct tracee **ret_light, bool *ret_hopes)
{
	const struct process *process = target_process(&session->target, pid);
	struct tracee *tracee = process == NULL ? NULL : process->threads;

	*ret_light = NULL;
	*ret_hopes = false;
	for (; tracee != NULL; tracee = tracee->next) {
		struct thread_look now;
		struct error *err = thread_look(pid, tracee->tid, &now);
		bool has_ended = err != NULL; /* or cannot be looked at */
		error_free(err);
		if (!has_ended && thread_look_again(&tracee->state->look, &now))
			return tracee;
		if (!has_ended && thread_sleeps_lightly(&now))
			*ret_light = tracee;
		*ret_hopes = *ret_hopes || (!has_ended && now.activity == THREAD_RUNNING);
	}
	return NULL;
}

/*
 * Waits for the stop that was asked for. *@ret_is_there: false when it has ended instead, or its process
 * is stopped by a signal, or it calls vfork(2):
 *
 *   we                                  the thread                      its child
 *   see it compute                      calls vfork
 *   PTRACE_INTERRUPT
 *                                       stops for PTRACE_EVENT_VFORK    is in its first stop
 *   let it run on, and ask again        waits for its child
 *
 * The child waits for us, and the stop comes when that is done.
 */
static struct error *safe_stop_wait(struct session *session, pid_t tid, bool *ret_is_there)
{
	struct tracee *tracee;
	struct error *err;
	struct arrival arrival;
	bool is_fetched, is_vfork;

	do {
		err = arrival_fetch(session, tid, ARRIVAL_AWAITED, &arrival, &is_fetched);
		*ret_is_there = err == NULL && is_fetched && arrival.stop.kind == STOP_EVENT;
		if (err == NULL && is_fetched && !*ret_is_there)
			err = dispatch_stop(session, &arrival.stop, &arrival.usage);
		tracee = target_tracee(&session->target, tid);
		is_vfork = is_fetched && arrival.stop.kind == STOP_VFORK;
	} while (err == NULL && is_fetched && tracee != NULL && !tracee->is_listening &&
		 !*ret_is_there && !is_vfork);
	if (is_vfork && tracee != NULL)
		tracee->state->look.activity = THREAD_ASLEEP; /* it will be, in a moment */
	*ret_is_there = *ret_is_there && tracee != NULL;
	if (*ret_is_there) {
		tracee->is_stopped = true;
		tracee->is_in_call = false;
		tracee->is_interrupted = false;
		hold_times_begin(&session->holds, &tracee->state->held_since_ns);
	}
	return err;
}

/* One that stops of its own accord: another stop directly behind it is felt by no system call. */
static bool is_own_stop(const struct stop *stop)
{
	return stop->kind == STOP_SIGNAL || stop->kind == STOP_TRAP || stop->kind == STOP_FORK ||
	       stop->kind == STOP_CLONE;
}

/*
 * Deals with what is reported, up to the first thread of process @pid that stops by itself: it is to stop again
 * (dispatch_resume). *@ret_tid: which one; 0: none. One that gets signals again and again never seems to compute.
 */
static struct error *safe_stop_drain(struct session *session, pid_t pid, pid_t *ret_tid)
{
	struct arrival arrival;
	bool is_there;
	struct error *err = NULL;

	*ret_tid = 0;
	while (err == NULL && *ret_tid == 0) {
		err = arrival_fetch(session, -1, ARRIVAL_NOW, &arrival, &is_there);
		if (err != NULL || !is_there)
			return err;
		const pid_t tid = arrival.stop.tid;
		struct tracee *tracee = target_tracee(&session->target, tid);
		const bool is_chosen =
			tracee != NULL && tracee->process->pid == pid && is_own_stop(&arrival.stop);
		if (is_chosen)
			tracee->is_interrupted = true;
		err = dispatch_stop(session, &arrival.stop, &arrival.usage);
		tracee = target_tracee(&session->target, tid);
		if (is_chosen && tracee != NULL && tracee->is_stopped)
			tracee->is_interrupted = false; /* it is kept, for another reason */
		else if (is_chosen && tracee != NULL && tracee->is_interrupted)
			*ret_tid = tid;
	}
	return err;
}

struct error *safe_stop_stop(struct session *session, const struct process *process,
			     struct tracee **ret)
{
	struct tracee *chosen = NULL, *light = NULL;
	const pid_t pid = process->pid; /* it may end meanwhile */
	bool is_there, hopes = true;
	pid_t tid = 0;
	struct error *err = NULL;

	*ret = NULL;
	for (int i = 0; i < ROUNDS && tid == 0 && chosen == NULL && hopes; i++) {
		if (i > 0)
			nanosleep(&round_pause, NULL);
		err = safe_stop_drain(session, pid, &tid);
		if (err != NULL)
			return err;
		if (tid == 0)
			chosen = safe_stop_look(session, pid, &light, &hopes);
	}
	if (chosen == NULL)
		chosen = light;
	if (tid == 0 && chosen == NULL)
		return NULL;
	if (tid == 0) {
		tid = chosen->tid;
		chosen->is_interrupted = true;
		err = ptrace_interrupt(tid);
	}
	if (err == NULL)
		err = safe_stop_wait(session, tid, &is_there);
	if (err == NULL && is_there)
		*ret = target_tracee(&session->target, tid);
	return error_ignore(err, ERR_GONE);
}

struct error *safe_stop_resume(struct session *session, struct tracee *tracee)
{
	struct error *err = hit_hide_interrupt(tracee);
	tracee->is_stopped = false;
	if (err == NULL)
		err = dispatch_resume(tracee, 0);
	hold_times_end(&session->holds, &tracee->state->held_since_ns);
	return err;
}
