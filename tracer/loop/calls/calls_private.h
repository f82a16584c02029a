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

/* @event is a mark: *@ret_is_taken as calls_take has it. */
struct error *calls_mark(struct session *session, struct tracee *tracee,
			 const struct site_event *event, bool *ret_is_taken) MUST_CHECK;

/* @event is one of a static probe: a moment, or an end of a pair. */
struct error *calls_static_probe(struct session *session, struct tracee *tracee,
				 const struct site_event *event) MUST_CHECK;

#endif
