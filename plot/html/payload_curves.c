/* The curves of a page; see payload_curves.h (plot layer). */
#include "plot/html/payload_curves.h"

#include <stdlib.h>

#include "plot/profile/profile_children.h"

/* The children behind the @kept largest have one curve together; the ranked ones are in @children. */
static struct error *sum_others(struct payload_curves *curves, const struct profile *profile,
				const size_t *children, size_t count, size_t kept)
{
	for (size_t i = kept; i < count; i++)
		curves->series[children[i]] = NULL;
	curves->other_count = count - kept;
	return tree_sum_init_of(&curves->others, profile, children + kept, count - kept);
}

struct error *payload_curves_init(struct payload_curves *curves, const struct profile *profile,
				  const struct profile_totals *totals, size_t children)
{
	enum { SUMS = 2 };
	size_t *ranked = NULL, ranked_count = 0;

	*curves = (struct payload_curves){ .count = profile->process_count };
	curves->series = calloc(profile->process_count + SUMS, sizeof(const struct series *));
	if (curves->series == NULL)
		return error_no_memory();
	for (size_t i = 0; i < profile->process_count; i++)
		curves->series[i] = &profile->processes[i].series;
	struct error *err = profile_rank_children(profile, &ranked, &ranked_count);
	/* One alone has as much room as a sum of one. */
	if (err == NULL && ranked_count > 1 && children < ranked_count - 1)
		err = sum_others(curves, profile, ranked, ranked_count, children);
	free(ranked);
	if (err != NULL) {
		payload_curves_deinit(curves);
		return err;
	}
	if (curves->other_count > 0)
		curves->series[curves->count++] = &curves->others.series;
	curves->has_tree = ranked_count > 0 && !profile->is_tree;
	if (curves->has_tree)
		curves->series[curves->count++] = &totals->tree.series;
	return NULL;
}

void payload_curves_deinit(struct payload_curves *curves)
{
	if (curves->other_count > 0)
		tree_sum_deinit(&curves->others);
	free(curves->series);
	*curves = (struct payload_curves){ 0 };
}
