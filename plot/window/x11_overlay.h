/*
 * What a window draws over its picture: a tooltip, a selection, help (plot layer, private to
 * plot_window). Lengths are in a layout's units, y upwards.
 */
#ifndef PLOT_WINDOW_X11_OVERLAY_H
#define PLOT_WINDOW_X11_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>

struct x11_box {
	double left, bottom, right, top;
};

struct x11_overlay {
	double width, height; /* of the window */
	double scale;	      /* dots of a unit */
	bool is_dark;
	const char *font; /* NULL: sans-serif */

	bool has_selection, has_outline, has_point;
	struct x11_box selection; /* being dragged */
	struct x11_box outline;	  /* around what is pointed at */
	double point_x, point_y;  /* a sample */
	int point_color;	  /* of palette.h */

	const char *tip; /* lines, the first one a name; NULL: none */
	double tip_x, tip_y;

	const char *status;	      /* a line at the foot; never NULL */
	bool is_status_plain;	      /* a hint, not news */
	const char *const (*help)[2]; /* pairs of keys and what they do; NULL: not shown */
	size_t help_count;
};

#endif
