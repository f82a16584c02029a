/*
 * Which threads are looked at when growth begins in processes that run already (loop layer).
 */
#ifndef LOOP_GROWTH_GROWTH_THREADS_H
#define LOOP_GROWTH_GROWTH_THREADS_H

#include "tracer/loop/state/session.h"
#include "tracer/perf/fault_events.h"

/* All threads of all processes. Fails when none of the main process's may be looked at. */
struct error *growth_threads_add(struct session *session, struct fault_events *events) MUST_CHECK;

#endif
