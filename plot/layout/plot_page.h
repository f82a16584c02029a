/*
 * The page that a plot is drawn on, as the user wants it (plot layer).
 */
#ifndef PLOT_LAYOUT_PLOT_PAGE_H
#define PLOT_LAYOUT_PLOT_PAGE_H

#include <stdbool.h>

/* A page of this many dots an inch has one dot a unit of the layout. */
static const double PLOT_PAGE_UNITS_PER_INCH = 90;

struct plot_page {
	double width, height; /* in units of 1/90 inch; 0: chosen by what is on it */
	double dpi;	      /* of a picture made of dots; 0: 90 */
	bool is_dark;
	bool is_bare; /* the memory axes' frame is all of the page: no words, strips, lanes, legend */
	const char *font; /* a family; NULL: PLplot's sans-serif. Borrowed */
};

#endif
