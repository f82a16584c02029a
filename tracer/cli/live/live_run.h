/*
 * A recording with a live view of it on the terminal (cli layer).
 */
#ifndef CLI_LIVE_LIVE_RUN_H
#define CLI_LIVE_LIVE_RUN_H

#include "tracer/loop/state/session.h"

/* As engine_run, which does the recording. */
struct error *live_run(struct session_options *session, int *ret_status) MUST_CHECK;

#endif
