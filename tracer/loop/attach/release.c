/* Lets the whole target go; see release.h. Loop layer. */
#include "tracer/loop/attach/release.h"

#include <signal.h>
#include <time.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/attach/release_look.h"
#include "tracer/loop/dispatch/arrivals.h"
#include "tracer/loop/dispatch/resume.h"
#include "tracer/loop/dispatch/dispatch.h"
#include "tracer/loop/dispatch/family.h"
#include "tracer/loop/hit/hit.h"
#include "tracer/loop/hit/ring_hits.h"
#include "tracer/loop/hit/thread_key.h"
#include "tracer/loop/signals/signal_at_site.h"
#include "tracer/loop/signals/signal_frames.h"
#include "tracer/loop/signals/sigtrap_state.h"
#include "tracer/loop/signals/space_clean.h"
#include "tracer/loop/python/python.h"
#include "tracer/loop/python/python_attach.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/tracee/transfer.h"
#include "tracer/loop/state/thread_state.h"

/*
 * Threads are kept so long for the others to be clear: then one can unmap the slots; or tell the kernel that SIGTRAP is
 * ignored, without which a thread may come to harm.
 */
static const int64_t HOLD_NS = 3000000;
static const int64_t HOLD_IGNORED_NS = 100000000;
/* After this time no thread is spared any more. */
static const int64_t SPARED_NS = 2000000000;

static void release_restore_space(const struct process *process, bool are_watches_kept)
{
	struct image *image = process->space == NULL ? NULL : process->space->image;

	if (image == NULL || image->is_restored)
		return;
	struct error *err =
		are_watches_kept ? image_restore_but_watches(image) : image_restore(image);
	if (err != NULL && error_code(err) != ERR_GONE)
		log_error("process %d keeps traps in its code: %s", process->pid,
			  error_message(err));
	error_free(err);
}

/*
 * The code gets its own bytes back first: a thread that runs on must not meet a trap any more. While SIGTRAP is ignored by
 * us, who asks for it, or says something new, waits until the kernel is told (sigtrap_state_leave).
 */
static void release_restore(struct session *session)
{
	size_t cursor = 0;
	const struct process *process;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL)
		release_restore_space(process, sigtrap_state_is_ignored(process));
}

static bool release_has_watches(const struct process *process)
{
	return process->space != NULL && process->space->image != NULL &&
	       !process->space->image->is_restored;
}

static bool release_is_last(const struct tracee *tracee)
{
	return release_space_is_clear(tracee->process->space, tracee);
}

static bool release_has_mappings(const struct tracee *tracee)
{
	return release_space_has_mappings(tracee->process->space);
}

/*
 * Whether system calls can be injected in @tracee. One that is about to get a signal would get it with
 * another siginfo, and out of turn: PTRACE_DETACH injects it as it is only from its own stop.
 */
static bool release_may_inject(const struct tracee *tracee)
{
	return tracee->state->release.held_signal == 0 &&
	       space_clean_may_inject(tracee, tracee->is_interrupted);
}

/* Before it is unmapped. */
static void release_end_ring(struct session *session, struct tracee *tracee)
{
	error_free(ring_hits_end(session, tracee));
	error_free(thread_key_take_back(tracee));
}

/* @tracee is led out of all that is ours. It is detached; the last one of its memory unmaps first. */
static struct error *release_detach(struct session *session, struct tracee *tracee)
{
	const bool had_watches = release_has_watches(tracee->process);
	struct error *err = NULL;

	release_end_ring(session, tracee);
	/* A vfork child cannot do that for its parent, whose handler for SIGTRAP would be left behind. */
	if (release_has_mappings(tracee) && !tracee->process->space->image->injected.is_entered &&
	    tracee->process->space->users == 1 && release_is_last(tracee) &&
	    release_may_inject(tracee)) {
		err = space_clean(tracee);
		if (err != NULL && error_code(err) != ERR_GONE) {
			log_debug("process %d keeps a mapping of ours: %s", tracee->process->pid,
				  error_message(err));
			error_free(err);
			err = NULL;
		}
	}
	if (had_watches) {
		release_restore_space(tracee->process, false);
		release_look_anew(tracee->process->space);
	}
	if (release_has_mappings(tracee) && !signal_frames_are_known(tracee))
		tracee->process->space->image->injected.keeps_used = true;
	if (err == NULL)
		err = ptrace_detach(tracee->tid, tracee->state->release.held_signal);
	hold_times_end(&session->holds, &tracee->state->held_since_ns);
	if (err == NULL)
		family_forget(session, tracee);
	return err;
}

/*
 * @tracee is led out of all that is ours, as far as we know it. A thread that has met an mprof-trace before us, which was
 * killed, may stand in what that has left, or in a handler that returns there.
 */
static void release_note_place(struct tracee *tracee)
{
	taddr_t pc, sp;

	if (!release_has_mappings(tracee))
		return;
	struct injected *injected = &tracee->process->space->image->injected;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err == NULL && injected_at(injected, pc) != NULL)
		injected->is_entered = true;
	if (err == NULL && injected_has_used(injected))
		err = signal_frames_read_stopped(tracee);
	error_free(err);
}

/*
 * How a thread stands when it is released: a signal that it was about to get is injected by
 * PTRACE_DETACH.
 */
static struct error *release_stopped(struct session *session, struct tracee *tracee,
				     const struct stop *stop)
{
	bool is_ours = false;
	struct error *err = NULL;

	hold_times_begin(&session->holds, &tracee->state->held_since_ns);
	tracee->state->release.held_signal = 0;
	if (tracee->transfer != NULL)
		err = transfer_end(tracee);
	else if (tracee->is_interrupted)
		err = hit_hide_interrupt(tracee);
	if (err == NULL && tracee->transfer != NULL) {
		tracee->is_interrupted = false;
		err = dispatch_resume(tracee, 0);
		hold_times_end(&session->holds, &tracee->state->held_since_ns);
		return err;
	}
	/* Whatever fails, the rest is done: the thread must not stay here. */
	if (stop->kind == STOP_TRAP)
		err = error_first(err, hit_undo(session, tracee, &is_ours));
	if (stop->kind == STOP_TRAP && !is_ours)
		is_ours = sigtrap_state_swallows(tracee);
	if (stop->kind == STOP_SIGNAL || (stop->kind == STOP_TRAP && !is_ours))
		tracee->state->release.held_signal = stop->signal;
	err = error_first(err, hit_leave_slot(tracee, tracee->state->release.held_signal));
	if (err != NULL && error_code(err) == ERR_GONE)
		return err;
	error_free(err);
	release_note_place(tracee);
	tracee->state->release.held_since_ns = clock_now_ns();
	if (tracee->state->release.held_signal == 0 && release_has_mappings(tracee) &&
	    !release_is_last(tracee)) {
		release_end_ring(session, tracee); /* who is last unmaps it */
		tracee->state->release.is_held = tracee->state->release.is_clear = true;
		return NULL;
	}
	return release_detach(session, tracee);
}

/* A stop on the way out: its thread is released; a new one is taken note of first. */
static struct error *release_stop(struct session *session, const struct stop *stop,
				  const struct rusage *usage)
{
	struct tracee *tracee = target_tracee(&session->target, stop->tid);
	bool is_news = stop->kind == STOP_FORK || stop->kind == STOP_VFORK ||
		       stop->kind == STOP_CLONE || stop->kind == STOP_EXEC ||
		       stop->kind == STOP_ENDED || stop->kind == STOP_EXIT;

	if (tracee == NULL || is_news) {
		struct error *err = dispatch_stop(session, stop, usage);
		release_restore(session); /* a new process has a copy of the sites */
		return err;
	}
	if (tracee->transfer != NULL) {
		struct error *err =
			transfer_stop(tracee, stop->kind == STOP_SYSCALL, stop->kind == STOP_EVENT);
		tracee->is_interrupted = false; /* any stop takes it back */
		if (err != NULL || tracee->transfer != NULL)
			return err != NULL ? err : dispatch_resume(tracee, 0);
	} else if (stop->kind == STOP_SYSCALL) {
		/*
		 * At the entry of a system call of its own, where only the watch for a handler's end has stopped it:
		 * what is injected there would take that call's place. It runs on to the stop that was asked for.
		 */
		signal_at_site_forget(tracee);
		return dispatch_resume(tracee, 0);
	} else if (stop->kind == STOP_VFORK_DONE) {
		/* Within vfork(2): the same holds. It stops for us at the call's end, see dispatch_resume. */
		error_free(ring_hits_lend(session, tracee, 0));
		tracee->state->release.is_clear = false;
		tracee->is_interrupted = true;
		return dispatch_resume(tracee, 0);
	}
	bool is_between = stop->kind == STOP_EVENT || stop->kind == STOP_GROUP;
	if (is_between && hit_is_pending(tracee)) /* its SIGTRAP's stop is next */
		return ptrace_cont(tracee->tid, 0);
	return release_stopped(session, tracee, stop);
}

static struct error *release_drain(struct session *session)
{
	struct error *first = NULL;
	struct arrival arrival;
	bool is_there = true;

	while (is_there) {
		struct error *err = arrival_fetch(session, -1, ARRIVAL_NOW, &arrival, &is_there);
		if (is_there)
			err = release_stop(session, &arrival.stop, &arrival.usage);
		first = error_first(first, error_ignore(err, ERR_GONE));
	}
	return first;
}

/* A walk over all threads continues at the place of one that has just been forgotten. */
static void release_walk_on(const struct session *session, size_t count_before, size_t *cursor)
{
	if (session->target.tracees.count < count_before)
		--*cursor;
}

/* Threads that an error of ours has left in a stop: they report nothing more. */
static void release_halted(struct session *session)
{
	const struct addr_map *tracees = &session->target.tracees;
	size_t cursor = 0;
	struct tracee *tracee;

	while ((tracee = addr_map_next(tracees, &cursor)) != NULL) {
		const struct stop stop = { .tid = tracee->tid, .kind = STOP_TRAP, .signal = 0 };
		size_t count = tracees->count;
		if (!tracee->is_stopped)
			continue;
		tracee->is_stopped = false;
		error_free(release_stopped(session, tracee, &stop));
		release_walk_on(session, count, &cursor);
	}
}

/* Threads that were kept to unmap the slots, when the others are clear or it takes too long. */
static void release_held(struct session *session)
{
	const struct addr_map *tracees = &session->target.tracees;
	size_t cursor = 0;
	struct tracee *tracee;
	int64_t now_ns = clock_now_ns();

	while ((tracee = addr_map_next(tracees, &cursor)) != NULL) {
		struct release_state *state = &tracee->state->release;
		size_t count = tracees->count;
		const int64_t hold_ns =
			sigtrap_state_is_ignored(tracee->process) ? HOLD_IGNORED_NS : HOLD_NS;
		bool is_late = now_ns - state->held_since_ns >= hold_ns;
		if (!state->is_held || (!is_late && !release_is_last(tracee)))
			continue;
		/* It remains clear, should its end be the next that we see of it. */
		state->is_held = false;
		error_free(release_detach(session, tracee));
		release_walk_on(session, count, &cursor);
	}
}

static bool release_has_held(const struct session *session)
{
	size_t cursor = 0;
	const struct tracee *tracee;

	while ((tracee = addr_map_next(&session->target.tracees, &cursor)) != NULL) {
		if (tracee->state->release.is_held)
			return true;
	}
	return false;
}

/* Our exit detaches them. */
static void release_forget_rest(struct session *session)
{
	size_t next = 0, cursor = 0;
	struct process *process;
	struct tracee *tracee;

	while ((process = addr_map_next(&session->target.processes, &next)) != NULL) {
		if (process->space != NULL && process->space->image != NULL)
			image_leave_mappings(process->space->image);
	}
	while ((tracee = addr_map_next(&session->target.tracees, &cursor)) != NULL) {
		family_forget(session, tracee);
		cursor--; /* addr_map_next: the next one may have its place now */
	}
}

/*
 * No thread is detached inside a call that it makes for us: it would return to a trap, and die of it.
 * Such calls are over in milliseconds, unless there is no CPU for them; no new ones begin.
 */
static void release_finish_calls(struct session *session)
{
	pid_t busy = python_busy_thread(session);
	struct arrival arrival;
	bool is_there = true;

	while (busy != 0 && is_there) {
		struct error *err =
			arrival_fetch(session, -1, ARRIVAL_AWAITED, &arrival, &is_there);
		if (is_there)
			err = dispatch_stop(session, &arrival.stop, &arrival.usage);
		error_free(err);
		const struct tracee *tracee = target_tracee(&session->target, busy);
		if (tracee == NULL || tracee->remote_call == NULL)
			busy = python_busy_thread(session);
	}
}

/* Until all are clear, or detached. */
static struct error *release_wait(struct session *session)
{
	static const struct timespec pause = { 0, 100000 };
	int64_t start_ns = clock_now_ns();
	struct error *err = release_drain(session);

	while (release_look_at_all(session, clock_now_ns() - start_ns < SPARED_NS) > 0 ||
	       release_has_held(session)) {
		release_held(session);
		nanosleep(&pause, NULL);
		err = error_first(err, release_drain(session));
	}
	return err;
}

/* The last traps, where all sleep: what has been seen asleep may have met one since. Whether there were any. */
static bool release_take_watches(struct session *session)
{
	size_t cursor = 0;
	const struct process *process;
	bool were_any = false;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		if (!release_has_watches(process))
			continue;
		were_any = true;
		release_restore_space(process, false);
		release_look_anew(process->space);
	}
	return were_any;
}

struct error *release_all(struct session *session)
{
	session->is_releasing = true;
	release_finish_calls(session);
	python_leave_all(session);
	release_restore(session);
	release_halted(session);
	struct error *err = release_wait(session);
	if (release_ask_sleepers(session))
		err = error_first(err, release_wait(session));
	if (release_take_watches(session))
		err = error_first(err, release_wait(session));
	release_forget_rest(session);
	return err;
}

void release_stray(const struct stop *stop)
{
	bool is_signal = stop->kind == STOP_SIGNAL || stop->kind == STOP_TRAP;
	error_free(ptrace_detach(stop->tid, is_signal ? stop->signal : 0));
}
