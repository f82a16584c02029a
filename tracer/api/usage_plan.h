/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Options as they were given, and what is to be done (api layer). Pure.
 */
#ifndef API_USAGE_PLAN_H
#define API_USAGE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/api/mprof.h"
#include "tracer/base/error.h"
#include "tracer/base/metric.h"

enum usage_kind { USAGE_PROCESS, USAGE_COMMAND, USAGE_FUNCTION };

struct usage_plan {
	enum usage_kind kind;
	struct mprof_options options; /* whole, whatever the caller knew of */
	enum metric metric;
	int64_t interval_ns;
	int64_t timeout_ns;  /* INT64_MAX: none */
	uint64_t most_times; /* that a process is read; UINT64_MAX: without a limit */
};

/* Fails with ERR_USAGE. What the options point to is borrowed. */
struct error *usage_plan_make(const struct mprof_options *given, struct usage_plan *ret) MUST_CHECK;

/* Of a function that is to be called again: a tenth of the interval. False: it is the shortest. */
bool usage_plan_shorten(struct usage_plan *plan);

#endif
