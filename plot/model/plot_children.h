/*
 * Children on a plot: their colours, and what of them is in the legend (plot layer, private to plot_build).
 */
#ifndef PLOT_MODEL_PLOT_CHILDREN_H
#define PLOT_MODEL_PLOT_CHILDREN_H

#include "plot/model/plot_model.h"
#include "plot/profile/profile_children.h"
#include "tracer/base/error.h"

/* What is seen of a group of equal children, or of one child. */
struct child_look {
	size_t seen;		  /* curves */
	size_t curve;		  /* the highest of them */
	double low_mib, high_mib; /* their peaks, as they are seen */
	size_t color_index;
	bool is_sum;
};

struct plot_children {
	struct child_look *looks; /* the highest first */
	size_t count;
	size_t color_count; /* colours that are taken, by groups that are not seen too */
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
