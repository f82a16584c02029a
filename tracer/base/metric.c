/* What memory means in a recording; see metric.h. Base layer. */
#include "tracer/base/metric.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct metric_traits traits[METRIC_COUNT] = {
	[METRIC_RSS] = { "rss", "RSS", "resident set size", false, true },
	[METRIC_PSS] = { "pss", "PSS", "proportional set size", true, false },
	[METRIC_USS] = { "uss", "USS", "unique set size", true, false },
	[METRIC_VMS] = { "vms", "VMS", "virtual memory size", false, true },
	[METRIC_SWAP] = { "swap", "swap", "swapped-out memory", false, true },
	[METRIC_ANON] = { "anon", "anonymous", "resident anonymous memory", false, true },
};

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
