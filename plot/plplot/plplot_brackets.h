/* Brackets, in forms that tell functions of one colour apart (plot layer, private to plplot_renderer). */
#ifndef PLOT_PLPLOT_PLPLOT_BRACKETS_H
#define PLOT_PLPLOT_PLPLOT_BRACKETS_H

#include <stdbool.h>

#include "plot/plplot/plplot_draw.h"

/* @foot_x is where the feet end: right of @x for an opening bracket, left of it for a closing one. */
struct bracket_shape {
	double x, foot_x, low, high;
	bool is_held; /* open in the middle, where it points at */
	int form;     /* of palette_dash */
};

/* With the pen. */
void draw_bracket(const struct bracket_shape *shape);

void draw_brackets(const struct page *page);

#endif
