/*
 * The highest of what is seen: of each curve, and the crosses that mark it (plot layer, private to
 * plot_build).
 */
#ifndef PLOT_MODEL_PLOT_PEAKS_H
#define PLOT_MODEL_PLOT_PEAKS_H

#include "plot/model/plot_model.h"
#include "tracer/base/error.h"

/*
 * A cross at the highest curve, and legend entries. Of one profile a smaller one too: at the main curve
 * where that is not the highest, else at the highest child's. Of several profiles none where they measure
 * different things.
 */
struct error *plot_model_add_peaks(struct plot_model *model, const struct profile *profiles,
				   size_t count) MUST_CHECK;

#endif
