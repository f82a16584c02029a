/*
 * One recording, set up, run and torn down in order (loop layer, top floor).
 */
#ifndef LOOP_RECORDING_H
#define LOOP_RECORDING_H

#include "tracer/loop/state/session.h"

/*
 * Records a whole run, in the process that calls it (the engine). Sets *@ret_status to the program's
 * status, or 125 when the recording is not what was asked for; that has been said by then.
 */
struct error *recording_run(const struct session_options *options, int *ret_status) MUST_CHECK;

#endif
