/*
 * Children on a plot: their colours, and what of them is in the legend (plot layer, private to plot_build).
 */
#ifndef PLOT_MODEL_PLOT_CHILDREN_H
#define PLOT_MODEL_PLOT_CHILDREN_H

#include "plot/model/plot_model.h"
#include "tracer/base/error.h"

/* Children of one program, with about the same peak, or one child. */
struct child_group {
	size_t first, count;	  /* in plot_children.processes */
	size_t seen;		  /* of them, those that have a curve */
	size_t curve;		  /* one of these; the highest */
	double low_mib, high_mib; /* their peaks */
	int color, dash;
};

struct plot_children {
	size_t *processes; /* indices into profile->processes, group by group */
	struct child_group *groups;
	size_t group_count; /* those of which something is seen, the highest peak first */
	size_t color_count; /* those of all groups, seen or not */
};

/*
 * Gives all curves of children their colours: the same ones whatever part of the profile is looked at.
 * With options->slope each child stands for itself, for each has its own.
 */
struct error *plot_children_init(struct plot_children *children, struct plot_model *model,
				 const struct profile *profile,
				 const struct plot_options *options) MUST_CHECK;
void plot_children_deinit(struct plot_children *children);

/* At most @rows legend entries. */
struct error *plot_children_add_legend(const struct plot_children *children,
				       struct plot_model *model, const struct profile *profile,
				       size_t rows) MUST_CHECK;

#endif
