/* What --backend of a recording means; see backend_option.h. Cli layer. */
#include "tracer/cli/record/backend_option.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "tracer/proc/groups/cgroup.h"

/* memory_profiler 0.61: choose_backend() in memory_profiler.py. */
static const struct {
	const char *name;
	enum metric metric;
} aliases[] = {
	{ "psutil", METRIC_RSS },
	{ "posix", METRIC_RSS },
	{ "psutil_pss", METRIC_PSS },
	{ "psutil_uss", METRIC_USS },
};

/* Before Linux 4.14, or without CONFIG_PROC_PAGE_MONITOR. */
static struct error *metric_check(const char *text, enum metric metric)
{
	struct cgroup cgroup;

	/* A program that is started is in ours. */
	if (metric_traits(metric)->is_cgroup) {
		struct error *err = cgroup_find(getpid(), &cgroup);
		if (err == NULL)
			cgroup_deinit(&cgroup);
		return error_context(err, "--backend %s", text);
	}
	if (!metric_traits(metric)->is_expensive || access("/proc/self/smaps_rollup", R_OK) == 0)
		return NULL;
	return error_new(ERR_USAGE,
			 "--backend %s: this kernel has no /proc/PID/smaps_rollup to read it from; "
			 "anon and rss can be measured",
			 text);
}

struct error *backend_option_parse(const char *text, enum metric *ret)
{
	if (metric_find(text, ret))
		return metric_check(text, *ret);
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		if (strcmp(text, aliases[i].name) != 0)
			continue;
		*ret = aliases[i].metric;
		return metric_check(text, *ret);
	}
	if (strcmp(text, "tracemalloc") == 0)
		return error_new(ERR_USAGE,
				 "--backend tracemalloc: it counts what Python's allocator gives "
				 "out, from inside the interpreter, and a program is measured from "
				 "outside here; take anon (its private memory) or uss");
	if (strcmp(text, "no_backend") == 0)
		return error_new(ERR_USAGE, "--backend no_backend: there would be nothing to "
					    "record; take rss, the default");
	char names[METRIC_NAMES_BYTES];
	metric_names(names);
	return error_new(ERR_USAGE, "--backend %s: there is no such metric; choose %s", text,
			 names);
}

const char *backend_option_alias(size_t i)
{
	return i < sizeof(aliases) / sizeof(aliases[0]) ? aliases[i].name : NULL;
}
