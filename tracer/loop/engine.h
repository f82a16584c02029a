/*
 * Two processes (loop layer): the front end, which the user's shell knows, and the engine, which
 * traces and records, in a session of its own, and outlives the front end long enough to let the
 * target go.
 */
#ifndef LOOP_ENGINE_H
#define LOOP_ENGINE_H

#include "tracer/loop/state/session.h"

/*
 * Forks; returns in both. In the engine: what recording_run returns. In the front end, once the engine
 * has ended: its exit status, in *@ret_status. Fills in @options' launch_context, front_pid and end_signal. May
 * be called again with the same options: the next program is started as the first one was. Until then the
 * signals of forwarding_signals stay blocked.
 */
struct error *engine_run(struct session_options *options, int *ret_status) MUST_CHECK;

#endif
