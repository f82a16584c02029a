/*
 * What is drawn of profiles that are no files, but have names of their own: their lines in the legend, and how many
 * more of them spread (plot layer, private to plot_build).
 */
#ifndef PLOT_MODEL_PLOT_SUBJECTS_H
#define PLOT_MODEL_PLOT_SUBJECTS_H

#include "plot/model/plot_model.h"

/* Legend entries of the curves that options->subjects say, and of the band. */
struct error *plot_model_add_subjects(struct plot_model *model, const struct profile *profiles,
				      const struct plot_options *options) MUST_CHECK;

/* What of options->spread is seen, if there is one; on the times of @profile. Memory is MiB until it is converted. */
struct error *plot_model_add_band(struct plot_model *model, const struct profile *profile,
				  const struct plot_options *options) MUST_CHECK;
void plot_model_convert_band(struct plot_model *model);

#endif
