/* Children by their peaks; see profile_children.h. Plot layer. */
#include "plot/profile/profile_children.h"

#include <stdlib.h>

/* Of two indices into @processes. */
static int rank_compare(const void *a, const void *b, void *processes)
{
	const size_t one = *(const size_t *)a, other = *(const size_t *)b;
	const struct profile_process *all = processes;

	if (all[one].highest_mib != all[other].highest_mib)
		return all[one].highest_mib > all[other].highest_mib ? -1 : 1;
	return one < other ? -1 : one > other;
}

struct error *profile_rank_children(const struct profile *profile, size_t **ret, size_t *ret_count)
{
	*ret_count = 0;
	*ret = calloc(profile->process_count, sizeof(**ret));
	if (*ret == NULL)
		return error_no_memory();
	for (size_t i = 1; i < profile->process_count; i++) {
		if (profile->processes[i].highest_ns != PROFILE_TIME_UNKNOWN)
			(*ret)[(*ret_count)++] = i;
	}
	qsort_r(*ret, *ret_count, sizeof(**ret), rank_compare, profile->processes);
	return NULL;
}
