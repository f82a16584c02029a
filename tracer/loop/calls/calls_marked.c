/* Calls that are told by marks: static probes, Python functions; see calls.h. Loop layer. */
#include "tracer/loop/calls/calls_private.h"

struct error *calls_enter_marked(struct session *session, struct tracee *tracee,
				 struct probe *probe, uint64_t mark_id)
{
	(void)session;
	if (tracee->state->calls.stack == NULL) {
		struct error *err = call_stack_create(&tracee->state->calls.stack);
		if (err != NULL)
			return err;
	}
	const struct call call = {
		.probe = probe,
		.mark_id = mark_id,
		.tid = tracee->tid,
		.entry = calls_event(tracee->process),
	};
	struct error *err = call_stack_enter_marked(tracee->state->calls.stack, &call);
	if (err == NULL)
		probe->hits++;
	return err;
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

void calls_leave_marked(struct session *session, struct tracee *tracee, const struct probe *probe,
			uint64_t mark_id, enum call_end how)
{
	const struct call_event now = calls_event(tracee->process);
	size_t cursor = 0;
	const struct tracee *other;

	if (stack_leave_marked(session, tracee, probe, mark_id, how, &now) || mark_id == 0)
		return;
	/* A coroutine may be gone on with by another thread. */
	while ((other = addr_map_next(&session->target.tracees, &cursor)) != NULL) {
		if (other != tracee && other->process->space == tracee->process->space &&
		    stack_leave_marked(session, other, probe, mark_id, how, &now))
			return;
	}
}

struct error *calls_static_probe(struct session *session, struct tracee *tracee,
				 const struct site *site)
{
	const struct process *process = tracee->process;

	if (site->moment != NULL) {
		const struct call_event now = calls_event(process);
		site->moment->hits++;
		recorder_mark(session->recorder, site->moment->name, process->pid, tracee->tid,
			      now.time_ns, now.memory_bytes);
	}
	if (site->pair == NULL)
		return NULL;
	if (!site->is_pair_end)
		return calls_enter_marked(session, tracee, site->pair, 0);
	calls_leave_marked(session, tracee, site->pair, 0, CALL_RETURNED);
	return NULL;
}
