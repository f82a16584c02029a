/*
 * Which ranks of many are worth a row (plot layer). Pure.
 */
#ifndef PLOT_RANKS_RANK_PICK_H
#define PLOT_RANKS_RANK_PICK_H

#include "plot/ranks/rank_job.h"
#include "plot/ranks/spread.h"

struct rank_pick {
	size_t *ranks; /* indices into the job's, the highest peak first */
	size_t count;
	size_t failed_left_out,
		far_left_out; /* of those that are not picked: failed; far off the others */
};

/*
 * The highest few peaks and the lowest, and more of them as long as they are far off, the median, and ranks that
 * failed. @peaks: of the job's ranks, in their order.
 */
struct error *rank_pick_init(struct rank_pick *pick, const struct rank_job *job,
			     const struct spread *peaks) MUST_CHECK;
void rank_pick_deinit(struct rank_pick *pick);

#endif
