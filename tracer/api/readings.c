/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was read; see readings.h. Api layer. */
#include "tracer/api/readings.h"

#include <stdlib.h>

#include "tracer/base/array.h"

static double mib_of(uint64_t bytes)
{
	return (double)bytes / (1 << 20);
}

static double epoch_s(const struct readings *readings, int64_t time_ns)
{
	const int64_t ns = clock_epoch_ns(&readings->clock, time_ns);
	const int64_t whole_s = ns / NS_PER_S;

	return (double)whole_s + (double)(ns % NS_PER_S) / (double)NS_PER_S;
}

struct error *readings_add(struct readings *readings, int64_t time_ns, uint64_t bytes)
{
	const double mib = mib_of(bytes);
	const bool is_highest = readings->measurements == 0 || mib > readings->max_mib;

	readings->measurements++;
	if (is_highest)
		readings->max_mib = mib;
	if (readings->keeps_none || (readings->keeps_highest && !is_highest))
		return NULL;
	const size_t at = readings->keeps_highest ? 0 : readings->count;
	struct error *err = array_reserve(&readings->mib, &readings->mib_capacity, at + 1,
					  sizeof(*readings->mib));
	if (err == NULL && readings->keeps_times)
		err = array_reserve(&readings->times_s, &readings->times_capacity, at + 1,
				    sizeof(*readings->times_s));
	if (err != NULL)
		return err;
	readings->mib[at] = mib;
	if (readings->keeps_times)
		readings->times_s[at] = epoch_s(readings, time_ns);
	readings->count = at + 1;
	return NULL;
}

struct error *readings_add_child(struct readings *readings, pid_t pid, int64_t time_ns,
				 uint64_t bytes)
{
	if (readings->keeps_none || readings->keeps_highest)
		return NULL;
	struct error *err = array_reserve(&readings->children, &readings->child_capacity,
					  readings->child_count + 1, sizeof(*readings->children));
	if (err != NULL)
		return err;
	readings->children[readings->child_count++] = (struct mprof_child){
		.index = readings->count - 1,
		.pid = pid,
		.mib = mib_of(bytes),
		.time_s = epoch_s(readings, time_ns),
	};
	return NULL;
}

void readings_give(struct readings *readings, struct mprof_result *ret)
{
	ret->count = readings->count;
	ret->mib = readings->mib;
	ret->times_s = readings->times_s;
	ret->child_count = readings->child_count;
	ret->children = readings->children;
	ret->max_mib = readings->max_mib;
	ret->measurements = readings->measurements;
	readings->mib = readings->times_s = NULL;
	readings->children = NULL;
}

void readings_deinit(struct readings *readings)
{
	free(readings->mib);
	free(readings->times_s);
	free(readings->children);
	readings->mib = readings->times_s = NULL;
	readings->children = NULL;
}
