/*
 * Colours (plot layer): those of the page, light or dark, and a cycle for curves and functions.
 *
 * The cycle's colours, the main curve's blue and the peak's red can be told apart by people who see no
 * red, no green or no blue as well (a test measures it).
 */
#ifndef PLOT_MODEL_PALETTE_H
#define PLOT_MODEL_PALETTE_H

#include <stdbool.h>
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

enum { PALETTE_CYCLE = 10 };

struct rgba {
	unsigned char red, green, blue;
	double alpha;
};

size_t palette_count(void);
struct rgba palette_rgba(size_t color, bool is_dark); /* color < palette_count() */

/* The colour of the @n-th curve or function, any n. */
int palette_cycle(size_t n);

/* Of the @n-th layer of a stack: in another order, so that neighbours differ and the largest is grey. */
int palette_layer(size_t n);

/* Colours and dashes repeat only after as many as a legend has entries. */
enum { PALETTE_DASHES = 6 };

/*
 * How the @n-th curve is dashed, or a function's brackets are formed, so that it differs from those of its
 * colour: 0 is not at all.
 */
int palette_dash(size_t n);

#endif
