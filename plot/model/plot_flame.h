/*
 * Lanes: the calls of each thread as bars, stacked by level (plot layer, private to plot_build).
 */
#ifndef PLOT_MODEL_PLOT_FLAME_H
#define PLOT_MODEL_PLOT_FLAME_H

#include "plot/model/plot_model.h"

/*
 * Adds a lane for each thread with calls in the window of the x axis, and one for a process's
 * condensed calls. @colors: one for each function of the profile, -1 for those not shown. Any
 * number of calls gives a bounded number of bars: those too short for the page are drawn together.
 */
struct error *plot_model_add_lanes(struct plot_model *model, const struct profile *profile,
				   const int *colors) MUST_CHECK;

#endif
