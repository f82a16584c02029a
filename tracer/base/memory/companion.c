/* What is recorded beside memory; see companion.h. Base layer. */
#include "tracer/base/memory/companion.h"

#include <string.h>

static const struct companion_traits traits[] = {
	[WITH_CPU] = { .word = "cpu",
		       .title = "CPU",
		       .unit = "%",
		       .is_sum = true,
		       .rate_scale = 100 },
	[WITH_FAULTS] = { .word = "faults",
			  .title = "page faults",
			  .unit = "/s",
			  .is_sum = true,
			  .rate_scale = 1 },
	[WITH_MAJOR_FAULTS] = { .word = "majfaults",
				.title = "page faults from disk",
				.unit = "/s",
				.is_sum = true,
				.rate_scale = 1 },
	[WITH_THREADS] = { .word = "threads", .title = "threads", .unit = "" },
	[WITH_CGROUP_LIMIT] = { .word = "cgroup-limit",
				.title = "limit of the cgroup",
				.unit = "MiB",
				.is_limit = true },
	[WITH_AS_LIMIT] = { .word = "as-limit",
			    .title = "RLIMIT_AS",
			    .unit = "MiB",
			    .is_limit = true },
	[WITH_DATA_LIMIT] = { .word = "data-limit",
			      .title = "RLIMIT_DATA",
			      .unit = "MiB",
			      .is_limit = true },
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
