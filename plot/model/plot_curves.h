/*
 * Curves of memory over time, reduced to the page (plot layer, private to plot_build).
 */
#ifndef PLOT_MODEL_PLOT_CURVES_H
#define PLOT_MODEL_PLOT_CURVES_H

#include "plot/profile/decimate.h"
#include "plot/model/plot_model.h"

/*
 * Adds a curve for each process of the @index-th profile that has a point in the window of
 * @decimate; with options->slope its trend too. @is_single: it is the only profile; of several each has
 * one curve, of its main process. Their names, and the colours of children, are for others to set. Memory
 * is MiB until plot_build scales it.
 */
struct error *plot_model_add_curves(struct plot_model *model, const struct profile *profile,
				    size_t index, bool is_single, struct decimate *decimate,
				    const struct plot_options *options) MUST_CHECK;

/* The curve of a process of the @index-th profile; NULL: it has none in the window. */
const struct plot_curve *plot_model_find_curve(const struct plot_model *model, size_t index,
					       size_t process);

/*
 * The highest point of a curve; the kernel's mark (then *@ret_exact is true) where the curve shows all of
 * its process's time, for when that was reached is not known. All of them are MiB still.
 */
double plot_curve_peak_mib(const struct plot_model *model, const struct profile *profile,
			   const struct plot_curve *curve, bool *ret_exact);

#endif
