/*
 * The last thing that is done about a stop: its thread runs on (loop layer).
 */
#ifndef LOOP_DISPATCH_RESUME_H
#define LOOP_DISPATCH_RESUME_H

#include "tracer/base/error.h"
#include "tracer/tracee/target.h"

/* Lets @tracee, which is in a stop that has been dealt with, run on; @signal is injected, 0 for none. */
struct error *dispatch_resume(struct tracee *tracee, int signal) MUST_CHECK;

#endif
