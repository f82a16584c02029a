/* What the files that implement calls.h share; nobody else (loop layer). */
#ifndef LOOP_CALLS_CALLS_PRIVATE_H
#define LOOP_CALLS_CALLS_PRIVATE_H

#include "tracer/loop/calls/calls.h"

/* Where the calls of one process end up. */
struct calls_recording {
	struct recorder *recorder;
	pid_t pid;
};

/* A sink for the calls of @process; as long as *@recording. */
struct call_sink calls_sink(struct calls_recording *recording, const struct session *session,
			    const struct process *process);

struct call_facts calls_facts(struct process *process);

/*
 * The calls of what runs on @tracee with @sp: its thread, or a goroutine; *@ret may be NULL unless
 * @makes.
 */
struct error *calls_running(struct tracee *tracee, taddr_t sp, bool makes,
			    struct call_stack **ret) MUST_CHECK;

/* Begins @call. @may_come_back: of an inlined one, see call_stack_enter_inlined. */
struct error *calls_begin(struct session *session, struct tracee *tracee, const struct call *call,
			  bool may_come_back) MUST_CHECK;

#endif
