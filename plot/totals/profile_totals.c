/* All figures of a profile; see profile_totals.h. Plot layer. */
#include "plot/totals/profile_totals.h"

#include <stdlib.h>

struct error *profile_totals_init(struct profile_totals *totals, const struct profile *profile)
{
	*totals = (struct profile_totals){
		.start_ns = profile->first_ns,
		.end_ns = profile->last_ns,
		.command = profile_process_command(profile, 0),
	};
	struct error *err = call_nesting_init(&totals->nesting, profile);
	if (err == NULL)
		err = function_totals_create(profile, &totals->nesting, &totals->functions);
	if (err == NULL)
		err = process_totals_create(profile, &totals->processes);
	if (err == NULL)
		err = tree_sum_init(&totals->tree, profile);
	if (err != NULL)
		profile_totals_deinit(totals);
	return err;
}

void profile_totals_deinit(struct profile_totals *totals)
{
	call_nesting_deinit(&totals->nesting);
	free(totals->functions);
	free(totals->processes);
	tree_sum_deinit(&totals->tree);
	*totals = (struct profile_totals){ 0 };
}

size_t profile_totals_highest_child(const struct profile_totals *totals,
				    const struct profile *profile)
{
	size_t highest = 0;

	for (size_t i = 1; i < profile->process_count; i++) {
		const struct process_totals *child = &totals->processes[i];
		if (process_totals_has_memory(child) &&
		    (highest == 0 || child->peak_mib > totals->processes[highest].peak_mib))
			highest = i;
	}
	return highest;
}
