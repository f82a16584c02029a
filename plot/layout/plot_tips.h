/*
 * What is where on a page, in words: for the tooltips of an SVG and of a window (plot layer). Pure.
 */
#ifndef PLOT_LAYOUT_PLOT_TIPS_H
#define PLOT_LAYOUT_PLOT_TIPS_H

#include "plot/layout/layout_geometry.h"
#include "plot/model/plot_model.h"

/* A rectangle of the page, in the layout's units. */
struct plot_tip_box {
	double left, bottom, right, top;
	const char *text; /* lines; valid during the visit only */
};

/*
 * Calls @visit for each cell of a pane or a density strip, each bar of a lane and each bracket; of boxes that
 * overlap the later one lies on top.
 */
void plot_tips_visit(const struct plot_model *model, const struct plot_layout *layout,
		     void (*visit)(void *data, const struct plot_tip_box *box), void *data);

enum { PLOT_TIP_BYTES = 512 };

/* "12.3 MiB at 4.5 s" below the name of whose memory it is. */
void plot_tip_of_point(char text[static PLOT_TIP_BYTES], const struct plot_model *model,
		       const struct plot_curve *curve, const struct plot_point *point);

/* Adds what of the stack is at that time since the profile's first and that height, if there is one. */
void plot_tip_add_layer(char text[static PLOT_TIP_BYTES], const struct plot_model *model,
			double time_ns, double mib);

#endif
