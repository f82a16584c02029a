/*
 * Names of outputs with fields (record layer): `-o 'run.%h.%p.dat'`.
 */
#ifndef RECORD_OUTPUT_NAME_H
#define RECORD_OUTPUT_NAME_H

#include <sys/types.h>

#include "tracer/base/error.h"

/*
 * Replaces %p by @pid, %h by the host's name, %q{NAME} by the environment variable NAME and %% by a
 * percent sign. *@ret is returned owned. Fails with ERR_USAGE on any other field and on a variable
 * that is not set: two processes of a parallel run must not silently share a file.
 */
struct error *output_name_expand(const char *pattern, pid_t pid, char **ret) MUST_CHECK;

#endif
