/*
 * Density strips: a function called too often for brackets, over time (plot layer, private to
 * plot_build).
 */
#ifndef PLOT_MODEL_PLOT_STRIPS_H
#define PLOT_MODEL_PLOT_STRIPS_H

#include "plot/model/plot_model.h"
#include "plot/totals/function_totals.h"

/* Adds the strip of @function over the window of the x axis, single and condensed calls alike. */
struct error *plot_model_add_strip(struct plot_model *model, const struct profile *profile,
				   const struct profile_function *function,
				   const struct function_totals *totals, int color) MUST_CHECK;

#endif
