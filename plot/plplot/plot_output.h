/*
 * Brings a plot to a file or a window, and contains PLplot while it draws (plot layer).
 */
#ifndef PLOT_PLPLOT_PLOT_OUTPUT_H
#define PLOT_PLPLOT_PLOT_OUTPUT_H

#include "plot/layout/layout_geometry.h"
#include "plot/model/plot_model.h"
#include "plot/plplot/plot_backend.h"

/* Fails with ERR_USAGE unless the suffix of @path tells a format. */
struct error *plot_output_check_path(const char *path) MUST_CHECK;

/* Writes a whole file or none: a file of that name is replaced at the very end. */
struct error *plot_output_file(const struct plot_model *model, const struct plot_layout *layout,
			       const struct plot_backend *backend, const char *path) MUST_CHECK;

/*
 * Shows a window of PLplot's device and returns when it is closed. *@ret_shown is false where there
 * is no display, or, with an error, no such device.
 */
struct error *plot_output_window(const struct plot_model *model, const struct plot_layout *layout,
				 const struct plot_backend *backend, bool *ret_shown) MUST_CHECK;

/* Whether the backend works here: draws on it, but for a window, which only needs a display. */
bool plot_output_works(const struct plot_backend *backend);

#endif
