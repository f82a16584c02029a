/* Calls that are told by marks: static probes, Python functions; see calls.h. Loop layer. */
#include "tracer/loop/calls/call_sums.h"
#include "tracer/loop/calls/calls_private.h"
#include "tracer/loop/state/thread_state.h"

static struct error *calls_enter_marked(struct session *session, struct tracee *tracee,
					struct probe *probe, const struct site_event *event)
{
	struct call_stack **stack = &tracee->state->calls.stack;
	const struct call call = {
		.probe = probe,
		.mark_id = event->mark_id,
		.tid = tracee->tid,
		.entry = event->when,
	};
	struct error *err = *stack == NULL ? call_stack_create(stack) : NULL;
	if (err == NULL)
		err = call_stack_enter_marked(*stack, &call);
	if (err == NULL)
		err = calls_begin_marked_lines(tracee, event,
					       &(*stack)->marked[(*stack)->marked_count - 1]);
	if (err != NULL)
		return err;
	probe->hits++;
	call_sums_begin(&session->planner.probes, *stack,
			&(*stack)->marked[(*stack)->marked_count - 1]);
	return NULL;
}

static bool stack_leave_marked(struct session *session, const struct tracee *owner,
			       const struct probe *probe, uint64_t mark_id, enum call_end how,
			       const struct call_event *now)
{
	struct calls_recording recording;
	const struct call_sink sink = calls_sink(&recording, session, owner->process);

	return owner->state->calls.stack != NULL &&
	       call_stack_leave_marked(owner->state->calls.stack, probe, mark_id, how, now, &sink);
}

static bool calls_leave_marked(struct session *session, struct tracee *tracee,
			       const struct probe *probe, uint64_t mark_id, enum call_end how,
			       const struct call_event *now)
{
	const struct process *process;

	if (stack_leave_marked(session, tracee, probe, mark_id, how, now) || mark_id == 0)
		return true;
	/* A coroutine may have been resumed by another thread. */
	process = tracee->process->space->processes;
	for (; process != NULL; process = process->next_in_space) {
		for (const struct tracee *it = process->threads; it != NULL; it = it->next) {
			if (it != tracee &&
			    stack_leave_marked(session, it, probe, mark_id, how, now))
				return true;
		}
	}
	return false;
}

bool calls_may_end_elsewhere(const struct tracee *tracee)
{
	const struct call_stack *stack = tracee->state->calls.stack;

	for (size_t i = 0; stack != NULL && i < stack->marked_count; i++) {
		if (stack->marked[i].mark_id != 0)
			return true;
	}
	return stack != NULL && stack->count > 0 && tracee->process->thread_count > 1;
}

struct error *calls_mark(struct session *session, struct tracee *tracee,
			 const struct site_event *event, bool *ret_is_taken)
{
	if (event->mark_kind != MARK_CALL) {
		*ret_is_taken = calls_marked_line(tracee, event);
		return NULL;
	}
	if (event->mark_end == CALL_OPEN)
		return calls_enter_marked(session, tracee, event->marked, event);
	*ret_is_taken = calls_leave_marked(session, tracee, event->marked, event->mark_id,
					   event->mark_end, &event->when);
	return NULL;
}

struct error *calls_static_probe(struct session *session, struct tracee *tracee,
				 const struct site_event *event)
{
	const struct site *site = event->site;
	const struct call_event *now = &event->when;

	if (site->moment != NULL) {
		site->moment->hits++;
		const struct recorder_moment moment = {
			.name = site->moment->name,
			.pid = tracee->process->pid,
			.tid = event->tid,
			.time_ns = now->time_ns,
			.bytes = now->memory_bytes,
			.is_held = now->is_held,
		};
		recorder_moment(session->recorder, &moment);
	}
	if (site->pair == NULL)
		return NULL;
	if (!site->is_pair_end)
		return site->pair->is_dropped
			       ? NULL
			       : calls_enter_marked(session, tracee, site->pair, event);
	(void)calls_leave_marked(session, tracee, site->pair, 0, CALL_RETURNED, now);
	return NULL;
}
