/* What the files that implement calls.h share; for no other file (loop layer). */
#ifndef LOOP_CALLS_CALLS_PRIVATE_H
#define LOOP_CALLS_CALLS_PRIVATE_H

#include "tracer/loop/calls/calls.h"

/* Where the calls of one process end up. */
struct calls_recording {
	struct recorder *recorder;
	const struct probe_set *probes;
	pid_t pid;
};

/* A sink for the calls of @process; as long as *@recording. */
struct call_sink calls_sink(struct calls_recording *recording, const struct session *session,
			    const struct process *process);

struct call_facts calls_facts(struct process *process);

/* What a record says of @call, beside its end. */
struct recorder_call recorder_call_of(const struct call *call, pid_t pid);

/* The calls of what runs where @event has happened; NULL: there are none. */
struct call_stack *calls_at(struct tracee *tracee, const struct site_event *event);

/* @call has begun with @event, of a function whose lines are looked at. */
struct error *calls_begin_lines(struct tracee *tracee, const struct site_event *event,
				struct call *call) MUST_CHECK;

/* Control has come to the beginning of lines: EVENT_LINE, or the first instruction of a function once more. */
void calls_line(struct tracee *tracee, const struct site_event *event);

/* Likewise, with a mark; and what a mark says of the lines of a call. False: it is not known, perhaps not yet. */
struct error *calls_begin_marked_lines(struct tracee *tracee, const struct site_event *event,
				       struct call *call) MUST_CHECK;
bool calls_marked_line(struct tracee *tracee, const struct site_event *event);

/* The calls of @child are those that @parent had at @now. */
struct error *calls_fork_lines(struct tracee *child, const struct tracee *parent,
			       const struct call_event *now) MUST_CHECK;

/* What the process has grown until @event is that of the calls that are open before it. */
void calls_note_growth(struct session *session, struct tracee *tracee,
		       const struct site_event *event);

/* @event is a mark: *@ret_is_taken as calls_take has it. */
struct error *calls_mark(struct session *session, struct tracee *tracee,
			 const struct site_event *event, bool *ret_is_taken) MUST_CHECK;

/* @event is one of a static probe: a moment, or an end of a pair. */
struct error *calls_static_probe(struct session *session, struct tracee *tracee,
				 const struct site_event *event) MUST_CHECK;

#endif
