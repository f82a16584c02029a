/* Growth that was found by a reading is that of the calls that are open; see calls_private.h and calls.h. Loop layer. */
#include "tracer/loop/calls/calls_private.h"

#include "tracer/loop/growth/growth_readings.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/loop/state/thread_state.h"

/* Outer calls beyond are left out. */
enum { CALLS_MAX = 64 };

static void charge(struct session *session, struct process *process, const struct call_stack *calls,
		   uint64_t bytes)
{
	const char *names[CALLS_MAX];
	size_t count = 0;
	size_t first = calls != NULL && calls->count > CALLS_MAX ? calls->count - CALLS_MAX : 0;

	for (size_t i = first; calls != NULL && i < calls->count; i++) {
		if (!calls->calls[i].is_passed)
			names[count++] = calls->calls[i].probe->name;
	}
	growth_readings_charge(session, process, bytes, names, count);
}

void calls_note_growth(struct session *session, struct tracee *tracee,
		       const struct site_event *event)
{
	const struct call_event *when = &event->when;

	if (event->kind == EVENT_LINE || when->is_held ||
	    !growth_readings_are_due(session, tracee->process, when->memory_bytes))
		return;
	charge(session, tracee->process, tracee->state->calls.stack, when->memory_bytes);
}

/* Whatever was told of last has run since, or so it seems. */
static const struct call_stack *latest_calls(const struct process *process)
{
	const struct tracee *latest = NULL;

	for (const struct tracee *it = process->threads; it != NULL; it = it->next) {
		const struct call_stack *calls = it->state->calls.stack;
		if (calls != NULL && calls->count > 0 &&
		    (latest == NULL ||
		     it->state->calls.last_event_ns > latest->state->calls.last_event_ns))
			latest = it;
	}
	return latest == NULL ? NULL : latest->state->calls.stack;
}

void calls_growth_tick(struct session *session)
{
	struct process *process;
	size_t cursor = 0;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		uint64_t bytes = process_memory_held(process);
		if (!process->shares_memory && !process->is_launching &&
		    growth_readings_are_due(session, process, bytes))
			charge(session, process, latest_calls(process), bytes);
	}
}
