/*
 * Whether what was written has arrived (plot layer).
 */
#ifndef PLOT_TEXT_STREAM_CHECK_H
#define PLOT_TEXT_STREAM_CHECK_H

#include <stdio.h>

#include "tracer/base/error.h"

/* Flushes; fails if that does, or if anything written before did not go out. @name says where to. */
struct error *stream_check(FILE *out, const char *name) MUST_CHECK;

#endif
