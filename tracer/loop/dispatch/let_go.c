/* Programs that trace others themselves; see let_go.h. Loop layer. */
#include "tracer/loop/dispatch/let_go.h"

#include <signal.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/calls/calls.h"
#include "tracer/loop/dispatch/untraced.h"
#include "tracer/loop/hit/hit.h"
#include "tracer/loop/hit/ring_hits.h"
#include "tracer/loop/hit/thread_key.h"
#include "tracer/loop/signals/space_clean.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/tracee/transfer.h"

/* A call waits no longer than this for threads that do not stop. */
static const int64_t PATIENCE_NS = 2000000000;

static struct process_leave_state *leave_of(const struct process *process)
{
	return &process->state->leave;
}

bool let_go_keeps(struct session *session, const struct tracee *tracee)
{
	const struct process_leave_state *leave = leave_of(tracee->process);

	if (session->is_releasing || (leave->caller == 0 && leave->on_behalf_of == 0) ||
	    tracee->transfer != NULL || hit_is_pending(tracee))
		return false;
	session->lets_go = true;
	return true;
}

/* Its own bytes first: whoever shares its memory leaves, too, but nothing waits for that. */
static void let_go_mark(struct process *process, pid_t on_behalf_of)
{
	const struct address_space *space = process->space;

	leave_of(process)->on_behalf_of = on_behalf_of;
	if (space == NULL || space->image == NULL)
		return;
	struct error *err = error_ignore(image_give_up(space->image), ERR_GONE);
	if (err != NULL)
		log_error("process %d keeps traps in its code: %s", process->pid,
			  error_message(err));
	error_free(err);
	for (const struct process *other = space->processes; other != NULL;
	     other = other->next_in_space) {
		if (leave_of(other)->on_behalf_of == 0)
			leave_of(other)->on_behalf_of = other->pid;
	}
}

static void let_go_begin(struct session *session, struct process *process)
{
	struct process_leave_state *leave = leave_of(process);
	const struct tracee *wanted = target_tracee(&session->target, leave->wanted);

	log_info("process %d (%s) uses ptrace(2) itself: it and its children are sampled, not "
		 "traced, from now on",
		 process->pid, process->name);
	leave->since_ns = clock_now_ns();
	if (wanted != NULL && leave_of(wanted->process)->on_behalf_of == 0)
		let_go_mark(wanted->process, process->pid);
	let_go_mark(process, process->pid);
}

/* Marks those that want to call ptrace(2), and the children of all that leave. */
static void let_go_mark_all(struct session *session)
{
	size_t cursor = 0;
	struct process *process;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		struct process_leave_state *leave = leave_of(process);
		const struct process *parent =
			target_process(&session->target, process->parent_pid);
		if (process->is_untraced || (leave->on_behalf_of != 0 && leave->since_ns != 0))
			continue;
		if (leave->caller != 0) {
			let_go_begin(session, process);
			cursor = 0; /* its children may have been passed already */
		} else if (leave->on_behalf_of == 0 && parent != NULL && !parent->is_untraced &&
			   leave_of(parent)->on_behalf_of != 0 && !leave_of(parent)->stands_still) {
			let_go_mark(process, leave_of(parent)->on_behalf_of);
			cursor = 0;
		}
	}
}

/* Whether the call of @process need not wait any more. */
static bool call_is_free(const struct session *session, const struct process *process)
{
	size_t cursor = 0;
	const struct process *other;

	if (clock_now_ns() - leave_of(process)->since_ns > PATIENCE_NS)
		return true;
	if (process->thread_count > 1)
		return false;
	while ((other = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		if (other != process && !other->is_untraced &&
		    leave_of(other)->on_behalf_of == process->pid)
			return false;
	}
	return true;
}

/* It is led out of all that is ours, and runs on without us. */
static void let_go_thread(struct session *session, struct tracee *tracee)
{
	struct process *process = tracee->process;

	struct error *err = hit_leave_slot(tracee, 0);
	error_free(ring_hits_end(session, tracee));
	if (err == NULL)
		err = ptrace_detach(tracee->tid, 0);
	if (err != NULL) { /* it has been killed: its end is on the way */
		error_free(err);
		tracee->is_stopped = false;
		return;
	}
	calls_end_thread(session, tracee, CALL_OPEN);
	target_remove_tracee(&session->target, tracee);
	if (process->thread_count > 0)
		return;
	calls_end_orphans(session, process, CALL_OPEN);
	session->breaks.is_due |= leave_of(process)->stands_still;
	process->state->leave = (struct process_leave_state){ 0 };
	error_free(untraced_enter(session, process));
}

static void let_go_threads(struct session *session, struct process *process)
{
	const pid_t caller = leave_of(process)->caller;
	struct tracee *next;

	for (struct tracee *it = process->threads; it != NULL; it = next) {
		next = it->next;
		if (it->is_stopped && it->tid != caller) {
			let_go_thread(session, it);
		} else if (!it->is_stopped && !it->is_interrupted && !it->is_exiting &&
			   it->transfer == NULL) {
			it->is_interrupted = true;
			error_free(ptrace_interrupt(it->tid));
		}
	}
	struct tracee *last = caller == 0 ? NULL : target_tracee(&session->target, caller);
	if (last != NULL && last->is_stopped && call_is_free(session, process))
		let_go_thread(session, last);
}

/* Asks those that run or sleep to stop. Whether all that can have done so. */
static bool all_have_stopped(const struct process *process, bool is_late)
{
	bool have = true;

	for (struct tracee *it = process->threads; it != NULL; it = it->next) {
		if (it->is_stopped || it->is_exiting)
			continue;
		have = false;
		if (it->transfer != NULL && is_late)
			transfer_give_up(it);
		else if (it->is_interrupted || it->transfer != NULL)
			continue;
		it->is_interrupted = true;
		error_free(ptrace_interrupt(it->tid));
	}
	return have;
}

/* All threads of @process are stopped: they stand in code of the program's, and its memory has nothing of ours. */
static void clear_process(struct session *session, const struct process *process)
{
	struct tracee *injected = NULL;

	for (struct tracee *it = process->threads; it != NULL; it = it->next) {
		if (!it->is_stopped)
			continue;
		error_free(hit_leave_slot(it, 0));
		error_free(ring_hits_end(session, it));
		error_free(thread_key_take_back(it));
		if (injected == NULL && space_clean_may_inject(it, it->state->leave.is_interrupted))
			injected = it;
	}
	const struct address_space *space = process->space;
	if (injected == NULL || space == NULL || space->image == NULL || space->users > 1 ||
	    !image_has_mappings(space->image))
		return;
	struct error *err = error_ignore(space_clean(injected), ERR_GONE);
	if (err != NULL)
		log_debug("process %d keeps a mapping of ours: %s", process->pid,
			  error_message(err));
	error_free(err);
}

/*
 * The SIGSTOP is there before the first thread runs: none gets to any code. Those that are stopped stop with it as soon as
 * they are detached (__ptrace_unlink, kernel/ptrace.c); others stop for it while they are traced, and leave then.
 */
static void let_go_together(struct session *session, struct process *process)
{
	struct process_leave_state *leave = leave_of(process);
	const bool is_late = clock_now_ns() - leave->since_ns > PATIENCE_NS;
	struct tracee *next;

	if (!all_have_stopped(process, is_late) && !is_late)
		return;
	if (!leave->is_stopped) {
		clear_process(session, process);
		leave->is_stopped = kill(process->pid, SIGSTOP) == 0;
	}
	for (struct tracee *it = process->threads; it != NULL; it = next) {
		next = it->next;
		if (it->is_stopped)
			let_go_thread(session, it);
	}
}

void let_go_standing(struct session *session, struct process *process)
{
	struct process_leave_state *leave = leave_of(process);

	leave->stands_still = true;
	leave->since_ns = clock_now_ns();
	let_go_mark(process, process->pid);
	session->lets_go = true;
}

void let_go_run(struct session *session)
{
	size_t cursor = 0;
	struct process *process;

	if (!session->lets_go)
		return;
	session->lets_go = false;
	let_go_mark_all(session);
	/* Those that wait for others come after them: a walk more, and there is nothing left to do now. */
	for (int walk = 0; walk < 2; walk++) {
		cursor = 0;
		while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
			if (!process->is_untraced && leave_of(process)->on_behalf_of != 0) {
				if (leave_of(process)->stands_still)
					let_go_together(session, process);
				else
					let_go_threads(session, process);
				session->lets_go |= !process->is_untraced;
			}
		}
	}
}
