/*
 * What the pointer points at on a page (plot layer). Pure.
 */
#ifndef PLOT_LAYOUT_PLOT_HOVER_H
#define PLOT_LAYOUT_PLOT_HOVER_H

#include "plot/layout/layout_geometry.h"
#include "plot/layout/plot_tips.h"
#include "plot/model/plot_model.h"

struct plot_hover {
	char text[2 * PLOT_TIP_BYTES]; /* lines; empty: nothing is there */
	bool has_box;		       /* of a call, a bar, a cell; in the layout's units */
	double left, bottom, right, top;
	bool has_point; /* the sample that is nearest */
	double x, y;
	int color; /* of its curve */
};

/*
 * What is at @x, @y, in the layout's units: a bracket, a bar, a cell of a strip, else the nearest
 * sample of the nearest curve within the frame.
 */
void plot_hover_find(struct plot_hover *hover, const struct plot_model *model,
		     const struct plot_layout *layout, double x, double y);

#endif
