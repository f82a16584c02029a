/*
 * Colours (plot layer): those of the page, and a cycle for curves and functions in which
 * neighbours differ and the main curve's blue and the peak's red do not occur.
 */
#ifndef PLOT_PALETTE_H
#define PLOT_PALETTE_H

#include <stddef.h>

enum palette_color {
	COLOR_PAPER,
	COLOR_TEXT,
	COLOR_GRID,
	COLOR_SPINE,
	COLOR_MAIN,
	COLOR_MAIN_FILL, /* translucent */
	COLOR_PEAK,
	COLOR_FRAME, /* around the legend */
	COLOR_CYCLE  /* the first of the cycle */
};

struct rgba {
	unsigned char red, green, blue;
	double alpha;
};

size_t palette_count(void);
struct rgba palette_rgba(size_t color); /* color < palette_count() */

/* The colour of the @n-th curve or function, any n. */
int palette_cycle(size_t n);

#endif
