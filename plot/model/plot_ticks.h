/* Static probes on a plot (plot layer, private to plot_build). */
#ifndef PLOT_MODEL_PLOT_TICKS_H
#define PLOT_MODEL_PLOT_TICKS_H

#include "plot/model/plot_model.h"

/* How many names of static probes are to be drawn. */
size_t plot_ticks_shown(const struct profile *profile);

/*
 * Adds a tick for each time that one was passed within the window of the x axis (one where many would
 * lie on another), and at most @rows legend entries. Colours start at the @first_color-th of the cycle.
 */
struct error *plot_model_add_ticks(struct plot_model *model, const struct profile *profile,
				   size_t rows, size_t first_color) MUST_CHECK;

#endif
