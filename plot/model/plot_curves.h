/*
 * Curves of memory over time, reduced to the page (plot layer, private to plot_build).
 */
#ifndef PLOT_MODEL_PLOT_CURVES_H
#define PLOT_MODEL_PLOT_CURVES_H

#include "plot/model/decimate.h"
#include "plot/model/plot_model.h"

/*
 * Adds a curve for each process of the @index-th profile that has a point in the window of
 * @decimate; with options->slope its trend too. @is_single: it is the only profile. Memory is MiB
 * until plot_build scales it.
 */
struct error *plot_model_add_curves(struct plot_model *model, const struct profile *profile,
				    size_t index, bool is_single, struct decimate *decimate,
				    const struct plot_options *options) MUST_CHECK;

/* The curve of a process of the @index-th profile; NULL: it has none in the window. */
const struct plot_curve *plot_model_find_curve(const struct plot_model *model, size_t index,
					       size_t process);

#endif
