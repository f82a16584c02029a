/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Options, and what is to be done; see usage_plan.h. Api layer. */
#include "tracer/api/usage_plan.h"

#include <math.h>
#include <stdio_ext.h>
#include <string.h>

#include "tracer/base/clock.h"

/* Less makes no sense: a reading takes about as long. memory_profiler draws the same line. */
static const int64_t SHORTEST_INTERVAL_NS = 1000;

/* The first version's, which no program knows less of. */
static const size_t FIRST_SIZE = sizeof(struct mprof_options);

void mprof_options_init(struct mprof_options *options, size_t size)
{
	const struct mprof_options defaults = {
		.size = size,
		.pid = MPROF_SELF,
		.interval_s = 0.1,
		.timeout_s = -1,
		.max_iterations = 1,
	};
	const size_t known = size < sizeof(defaults) ? size : sizeof(defaults);

	memcpy(options, &defaults, known);
	memset((char *)options + known, 0, size - known);
}

/* A program that was built with a later header may use what this library does not know. */
static struct error *take_known(const struct mprof_options *given, struct mprof_options *ret)
{
	const char *bytes = (const char *)given;

	if (given->size < FIRST_SIZE)
		return error_new(ERR_USAGE, "the options were not set by mprof_options_init");
	for (size_t i = sizeof(*ret); i < given->size; i++) {
		if (bytes[i] != 0)
			return error_new(ERR_USAGE, "an option is of a later libmprof than %s",
					 mprof_version());
	}
	mprof_options_init(ret, sizeof(*ret));
	memcpy(ret, given, sizeof(*ret));
	ret->size = sizeof(*ret);
	return NULL;
}

static struct error *find_kind(const struct mprof_options *options, enum usage_kind *ret)
{
	const bool has_function = options->function != NULL, has_command = options->command != NULL;

	if (has_function + has_command + (options->pid != MPROF_SELF) > 1)
		return error_new(ERR_USAGE,
				 "only one of pid, function and command can be measured");
	if (has_command && options->command[0] == NULL)
		return error_new(ERR_USAGE, "the command has no words");
	if (options->pid <= 0 && options->pid != MPROF_SELF)
		return error_new(ERR_USAGE, "%d is no pid", options->pid);
	*ret = has_function ? USAGE_FUNCTION : has_command ? USAGE_COMMAND : USAGE_PROCESS;
	return NULL;
}

/* memory_profiler's names for the same; what Python has allocated is known to Python alone. */
static struct error *find_metric(const char *backend, enum metric *ret)
{
	static const struct {
		const char *theirs;
		enum metric metric;
	} names[] = {
		{ "psutil", METRIC_RSS },
		{ "psutil_pss", METRIC_PSS },
		{ "psutil_uss", METRIC_USS },
		{ "posix", METRIC_RSS },
	};
	char ours[METRIC_NAMES_BYTES];

	if (backend == NULL || metric_find(backend, ret)) {
		*ret = backend == NULL ? METRIC_RSS : *ret;
		return NULL;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(backend, names[i].theirs) == 0) {
			*ret = names[i].metric;
			return NULL;
		}
	}
	metric_names(ours);
	return error_new(ERR_USAGE, "there is no backend called '%s': %s", backend, ours);
}

/* Far below what int64_t holds, and far above what anybody waits. */
static int64_t to_ns(double seconds)
{
	static const double LONGEST_S = 1e9;

	return (int64_t)((seconds < LONGEST_S ? seconds : LONGEST_S) * (double)NS_PER_S);
}

static struct error *find_times(const struct mprof_options *options, struct usage_plan *plan)
{
	const double interval_s = options->interval_s, timeout_s = options->timeout_s;

	if (!isfinite(interval_s) || interval_s < 0)
		return error_new(ERR_USAGE, "an interval of %g s makes no sense", interval_s);
	if (isnan(timeout_s))
		return error_new(ERR_USAGE, "a timeout of %g s makes no sense", timeout_s);
	plan->interval_ns = to_ns(interval_s);
	if (plan->interval_ns < SHORTEST_INTERVAL_NS)
		plan->interval_ns = SHORTEST_INTERVAL_NS;
	plan->timeout_ns = timeout_s < 0 || isinf(timeout_s) ? INT64_MAX : to_ns(timeout_s);
	plan->most_times = UINT64_MAX;
	if (plan->kind == USAGE_PROCESS && timeout_s < 0)
		plan->most_times = 1;
	else if (plan->kind == USAGE_PROCESS && plan->timeout_ns != INT64_MAX)
		plan->most_times = (uint64_t)(plan->timeout_ns + plan->interval_ns / 2) /
				   (uint64_t)plan->interval_ns;
	if (plan->kind == USAGE_PROCESS && options->pid == MPROF_SELF && isinf(timeout_s) &&
	    timeout_s > 0)
		return error_new(ERR_USAGE,
				 "the calling process does not end while it is measured");
	return NULL;
}

struct error *usage_plan_make(const struct mprof_options *given, struct usage_plan *ret)
{
	*ret = (struct usage_plan){ 0 };
	struct error *err = take_known(given, &ret->options);
	if (err == NULL)
		err = find_kind(&ret->options, &ret->kind);
	if (err == NULL)
		err = find_metric(ret->options.backend, &ret->metric);
	if (err == NULL)
		err = find_times(&ret->options, ret);
	if (err == NULL && ret->options.stream != NULL && !__fwritable(ret->options.stream))
		err = error_new(ERR_USAGE, "the stream is not open for writing");
	return err;
}

bool usage_plan_shorten(struct usage_plan *plan)
{
	enum { TENTH = 10 };

	if (plan->interval_ns <= SHORTEST_INTERVAL_NS)
		return false;
	plan->interval_ns /= TENTH;
	if (plan->interval_ns < SHORTEST_INTERVAL_NS)
		plan->interval_ns = SHORTEST_INTERVAL_NS;
	return true;
}
