/*
 * Tooltips for an SVG that PLplot has drawn (plot layer).
 *
 * PLplot writes none. A layer of transparent shapes with titles, computed from the model and its
 * layout, goes over the drawing; a browser shows a title where the pointer rests.
 */
#ifndef PLOT_PLPLOT_SVG_TIPS_H
#define PLOT_PLPLOT_SVG_TIPS_H

#include <stdio.h>

#include "plot/layout/layout_geometry.h"
#include "plot/model/plot_model.h"

/*
 * Writes @svg to @out with the tooltips before its last </svg>, and with the page's font in front
 * of PLplot's own. Fails when @svg is no SVG; what @out has met is for its owner to look at.
 */
struct error *svg_add_tips(FILE *out, const char *svg, size_t bytes, const struct plot_model *model,
			   const struct plot_layout *layout) MUST_CHECK;

#endif
