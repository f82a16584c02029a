/*
 * What --backend of a recording means (cli layer): our metrics, and the names that mprof has for them.
 */
#ifndef CLI_RECORD_BACKEND_OPTION_H
#define CLI_RECORD_BACKEND_OPTION_H

#include <stddef.h>

#include "tracer/base/error.h"
#include "tracer/base/metric.h"

/* ERR_USAGE, with what to take instead, for a name that is none or means nothing here. */
struct error *backend_option_parse(const char *text, enum metric *ret) MUST_CHECK;

/* The @i-th of mprof's names that mean one of our metrics; NULL behind the last. */
const char *backend_option_alias(size_t i);

#endif
