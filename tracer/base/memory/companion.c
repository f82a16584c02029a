/* What is recorded beside memory; see companion.h. Base layer. */
#include "tracer/base/memory/companion.h"

#include <string.h>

static const struct companion_traits traits[] = {
	[WITH_CPU] = { "cpu", "CPU", "%", .is_sum = true, .rate_scale = 100 },
	[WITH_FAULTS] = { "faults", "page faults", "/s", .is_sum = true, .rate_scale = 1 },
	[WITH_MAJOR_FAULTS] = { "majfaults", "page faults from disk", "/s", .is_sum = true,
				.rate_scale = 1 },
	[WITH_THREADS] = { "threads", "threads", "" },
	[WITH_CGROUP_LIMIT] = { "cgroup-limit", "limit of the cgroup", "MiB", .is_limit = true },
	[WITH_AS_LIMIT] = { "as-limit", "RLIMIT_AS", "MiB", .is_limit = true },
	[WITH_DATA_LIMIT] = { "data-limit", "RLIMIT_DATA", "MiB", .is_limit = true },
};
_Static_assert(sizeof(traits) / sizeof(traits[0]) == COMPANIONS, "a companion without its row");

const struct companion_traits *companion_traits(enum companion companion)
{
	return &traits[companion];
}

bool companion_find(const char *word, size_t bytes, enum companion *ret)
{
	for (int i = 0; i < COMPANIONS; i++) {
		if (strlen(traits[i].word) == bytes && memcmp(traits[i].word, word, bytes) == 0) {
			*ret = (enum companion)i;
			return true;
		}
	}
	return false;
}
