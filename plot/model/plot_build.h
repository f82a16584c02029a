/*
 * Turns profiles into a plot_model: curves, brackets, lines and words (plot layer). Pure.
 */
#ifndef PLOT_MODEL_PLOT_BUILD_H
#define PLOT_MODEL_PLOT_BUILD_H

#include "plot/model/plot_model.h"
#include "plot/profile/profile.h"

/*
 * @profiles are borrowed during the call only. More than one: curves overlaid, no brackets. Fails
 * with ERR_USAGE where the options' window holds nothing. @model is the caller's to deinit.
 */
struct error *plot_build(struct plot_model *model, const struct profile *profiles,
			 size_t profile_count, const struct plot_options *options) MUST_CHECK;

#endif
