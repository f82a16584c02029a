/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory of a cgroup; see cgroup_meter.h. Sample layer. */
#include "tracer/sample/cgroup_meter.h"

#include <string.h>

#include "tracer/base/clock.h"

static uint64_t read_mark(const struct cgroup *cgroup)
{
	uint64_t bytes = 0;

	/* Linux before 5.19 has none in version 2. */
	error_free(cgroup_read(cgroup, CGROUP_PEAK, &bytes));
	return bytes;
}

static struct error *find(struct cgroup_meter *meter, pid_t pid, int64_t now_ns)
{
	struct cgroup found;

	struct error *err = cgroup_find(pid, &found);
	if (err != NULL)
		return err;
	const bool is_same = meter->cgroup.directory != NULL &&
			     strcmp(meter->cgroup.directory, found.directory) == 0;
	cgroup_deinit(&meter->cgroup);
	meter->cgroup = found;
	meter->found_ns = now_ns;
	if (!is_same)
		meter->first_bytes = read_mark(&found);
	return NULL;
}

struct error *cgroup_meter_read(struct cgroup_meter *meter, pid_t pid, uint64_t *ret_bytes)
{
	const int64_t now_ns = clock_now_ns();

	*ret_bytes = 0;
	if (meter->found_ns == 0 || now_ns - meter->found_ns > NS_PER_S) {
		struct error *err = find(meter, pid, now_ns);
		if (err != NULL)
			return err;
	}
	return cgroup_read(&meter->cgroup, CGROUP_USAGE, ret_bytes);
}

void cgroup_meter_renew(struct cgroup_meter *meter)
{
	meter->found_ns = 0;
}

uint64_t cgroup_meter_peak(const struct cgroup_meter *meter)
{
	const uint64_t bytes = meter->cgroup.directory != NULL ? read_mark(&meter->cgroup) : 0;

	return bytes > meter->first_bytes ? bytes : 0;
}

void cgroup_meter_deinit(struct cgroup_meter *meter)
{
	cgroup_deinit(&meter->cgroup);
}
