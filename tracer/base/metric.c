/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What memory means in a recording; see metric.h. Base layer. */
#include "tracer/base/metric.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* proc(5). VmRSS and the second column of statm are the same counters, which leave out hugetlbfs. */
static const struct metric_traits traits[] = {
	[METRIC_RSS] = {
		.name = "rss",
		.title = "RSS",
		.leaves_out_huge = true,
		.repeats_shared = true,
		.file = "statm",
		.column = 2,
		.peak_field = "VmHWM",
		.own_pages = OWN_PAGES_RESIDENT,
	},
	[METRIC_PSS] = {
		.name = "pss",
		.title = "PSS",
		.leaves_out_huge = true,
		.is_expensive = true,
		.file = "smaps_rollup",
		.fields = { "Pss" },
		.own_pages = OWN_PAGES_SHARED,
	},
	[METRIC_USS] = { /* as psutil's: what is in huge pages of its own counts */
		.name = "uss",
		.title = "USS",
		.is_expensive = true,
		.file = "smaps_rollup",
		.fields = { "Private_Clean", "Private_Dirty", "Private_Hugetlb" },
		.own_pages = OWN_PAGES_UNSHARED,
	},
	[METRIC_VMS] = {
		.name = "vms",
		.title = "VMS",
		.repeats_shared = true,
		.file = "statm",
		.column = 1,
		.peak_field = "VmPeak",
		.own_pages = OWN_PAGES_MAPPED,
	},
	[METRIC_SWAP] = {
		.name = "swap",
		.title = "swap",
		.repeats_shared = true,
		.file = "status",
		.fields = { "VmSwap" },
		.own_pages = OWN_PAGES_SWAPPED,
	},
	[METRIC_ANON] = {
		.name = "anon",
		.title = "anonymous",
		.leaves_out_huge = true,
		.repeats_shared = true,
		.file = "status",
		.fields = { "RssAnon" },
		.own_pages = OWN_PAGES_PRIVATE,
	},
	[METRIC_RSS_HUGE] = {
		.name = "rss+huge",
		.title = "RSS + huge pages",
		.repeats_shared = true,
		.file = "status",
		.fields = { "VmRSS", "HugetlbPages" },
		.own_pages = OWN_PAGES_RESIDENT,
	},
	[METRIC_CGROUP] = { /* tracer/proc/groups/cgroup.h */
		.name = "cgroup",
		.title = "cgroup",
		.is_cgroup = true,
		.file = "statm",
		.column = 1,
		.own_pages = OWN_PAGES_UNKNOWN,
	},
};
_Static_assert(sizeof(traits) / sizeof(traits[0]) == METRIC_COUNT, "a metric without its row");

const struct metric_traits *metric_traits(enum metric metric)
{
	return &traits[metric];
}

bool metric_find(const char *name, enum metric *ret)
{
	for (int i = 0; i < METRIC_COUNT; i++) {
		if (strcasecmp(name, traits[i].name) == 0) {
			*ret = (enum metric)i;
			return true;
		}
	}
	return false;
}

void metric_names(char ret[METRIC_NAMES_BYTES])
{
	ret[0] = '\0';
	for (int i = 0; i < METRIC_COUNT; i++) {
		const char *before = i == 0 ? "" : i == METRIC_COUNT - 1 ? " or " : ", ";
		size_t used = strlen(ret);
		snprintf(ret + used, METRIC_NAMES_BYTES - used, "%s%s", before, traits[i].name);
	}
}
