/* Which ranks of many are worth a row; see rank_pick.h. Plot layer. */
#include "plot/ranks/rank_pick.h"

#include <stdlib.h>

/* Of each side: so many, and so many where all of them are far off. And of those that failed. */
enum { USUAL = 5, MOST = 10, FAILED_MOST = 10 };

static int compare(const void *a, const void *b, void *data)
{
	const struct rank_job *job = data;
	const size_t one = *(const size_t *)a, other = *(const size_t *)b;
	const double one_mib = job->ranks[one].peak_mib, other_mib = job->ranks[other].peak_mib;

	if (one_mib != other_mib)
		return one_mib > other_mib ? -1 : 1;
	return one < other ? -1 : one > other;
}

static void choose(const struct rank_job *job, const struct spread *peaks, const size_t *order,
		   bool *chosen)
{
	const size_t count = job->count;
	size_t failed = 0;

	for (size_t i = 0; i < count && i < MOST; i++) {
		const size_t high = order[i], low = order[count - 1 - i];
		chosen[high] = chosen[high] || i < USUAL ||
			       spread_is_far_above(peaks, job->ranks[high].peak_mib);
		chosen[low] = chosen[low] || i < USUAL ||
			      spread_is_far_below(peaks, job->ranks[low].peak_mib);
	}
	if (peaks->count > 0)
		chosen[peaks->median_at] = true;
	for (size_t i = 0; i < count && failed < FAILED_MOST; i++) {
		const size_t rank = order[i];
		failed += rank_has_failed(&job->ranks[rank]);
		chosen[rank] = chosen[rank] || rank_has_failed(&job->ranks[rank]);
	}
}

struct error *rank_pick_init(struct rank_pick *pick, const struct rank_job *job,
			     const struct spread *peaks)
{
	size_t *order = calloc(job->count + 1, sizeof(*order));
	bool *chosen = calloc(job->count + 1, sizeof(*chosen));

	*pick = (struct rank_pick){ .ranks = calloc(job->count + 1, sizeof(*pick->ranks)) };
	if (order == NULL || chosen == NULL || pick->ranks == NULL) {
		free(order);
		free(chosen);
		rank_pick_deinit(pick);
		return error_no_memory();
	}
	for (size_t i = 0; i < job->count; i++)
		order[i] = i;
	qsort_r(order, job->count, sizeof(*order), compare, (void *)job);
	choose(job, peaks, order, chosen);
	for (size_t i = 0; i < job->count; i++) {
		const struct rank *rank = &job->ranks[order[i]];
		if (chosen[order[i]]) {
			pick->ranks[pick->count++] = order[i];
			continue;
		}
		pick->failed_left_out += rank_has_failed(rank);
		pick->far_left_out += spread_is_far_above(peaks, rank->peak_mib) ||
				      spread_is_far_below(peaks, rank->peak_mib);
	}
	free(order);
	free(chosen);
	return NULL;
}

void rank_pick_deinit(struct rank_pick *pick)
{
	free(pick->ranks);
	*pick = (struct rank_pick){ 0 };
}
