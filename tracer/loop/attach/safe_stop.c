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
 * is stopped by a signal.
 */
static struct error *safe_stop_wait(struct session *session, pid_t tid, bool *ret_is_there)
{
	struct tracee *tracee;
	struct error *err;
	struct arrival arrival;
	bool is_fetched;

	do {
		err = arrival_fetch(session, tid, ARRIVAL_AWAITED, &arrival, &is_fetched);
		*ret_is_there = err == NULL && is_fetched && arrival.stop.kind == STOP_EVENT;
		if (err == NULL && is_fetched && !*ret_is_there)
			err = dispatch_stop(session, &arrival.stop, &arrival.usage);
		tracee = target_tracee(&session->target, tid);
	} while (err == NULL && is_fetched && tracee != NULL && !tracee->is_listening &&
		 !*ret_is_there);
	*ret_is_there = *ret_is_there && tracee != NULL;
	if (*ret_is_there) {
		tracee->is_stopped = true;
		tracee->is_interrupted = false;
		hold_times_begin(&session->holds, &tracee->state->held_since_ns);
	}
	return err;
}

struct error *safe_stop_stop(struct session *session, const struct process *process,
			     struct tracee **ret)
{
	struct tracee *chosen = NULL, *light = NULL;
	const pid_t pid = process->pid; /* it may end meanwhile */
	bool is_there, hopes = true;

	*ret = NULL;
	for (int i = 0; i < ROUNDS && chosen == NULL && hopes; i++) {
		if (i > 0)
			nanosleep(&round_pause, NULL);
		struct error *err = dispatch_pending(session);
		if (err != NULL)
			return err;
		chosen = safe_stop_look(session, pid, &light, &hopes);
	}
	if (chosen == NULL)
		chosen = light;
	if (chosen == NULL)
		return NULL;
	pid_t tid = chosen->tid;
	chosen->is_interrupted = true;
	struct error *err = ptrace_interrupt(tid);
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
