/*
 * Functions on a plot: which calls get brackets, their colours and legend entries (plot layer,
 * private to plot_build).
 */
#ifndef PLOT_MODEL_PLOT_BRACKETS_H
#define PLOT_MODEL_PLOT_BRACKETS_H

#include "plot/model/plot_model.h"

/*
 * Adds brackets for calls within the window of the x axis, density strips where there are too many
 * (or, with options->flame, lanes instead of both), and at most @rows legend entries, those of the functions with the greatest total time. Colours
 * start at the @first_color-th of the cycle.
 */
struct error *plot_model_add_functions(struct plot_model *model, const struct profile *profile,
				       const struct plot_options *options, size_t rows,
				       size_t first_color) MUST_CHECK;

#endif
