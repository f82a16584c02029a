/*
 * The state of a window (plot layer).
 *
 * plot_window.c waits and draws, window_input.c follows keys and pointer, window_prompt.c asks for a
 * path.
 */
#ifndef PLOT_WINDOW_WINDOW_STATE_H
#define PLOT_WINDOW_WINDOW_STATE_H

#include "plot/plplot/plot_pixels.h"
#include "plot/window/plot_view.h"
#include "plot/window/window_source.h"
#include "plot/window/x11_window.h"

/* A picture and what is on it. */
struct window_scene {
	bool is_there;
	struct plot_view view;
	struct plot_model model;
	struct plot_layout layout;
};

enum window_drag { DRAG_NONE, DRAG_BOX, DRAG_PAN };

enum { WINDOW_MESSAGE_BYTES = 512, WINDOW_PROMPT_BYTES = 1024 };

struct window {
	const struct plot_window_source *source;
	struct x11_window *x11;
	double scale;	      /* dots of a unit */
	double width, height; /* in units */
	struct plot_views views;

	struct window_scene shown, coming; /* what is seen; what is being drawn */
	struct plot_pixels pixels;
	bool is_drawing;

	struct profile *detail; /* of a part of the time; NULL: none */
	int64_t detail_from_ns, detail_to_ns;
	bool is_detail_reduced;
	double read_share; /* of the files, while they are read; negative: they are not */

	bool needs_drawing, needs_detail, needs_showing, is_closed;

	bool is_paused;		     /* what is followed is left alone */
	int64_t drawing_ns, look_ns; /* a drawing began; when to look for more */

	double x, y; /* the pointer, in units, y upwards */
	bool is_pointed;
	enum window_drag drag;
	unsigned drag_button;
	double drag_x, drag_y;
	struct plot_view drag_view; /* when it began */
	bool has_moved;
	uint64_t wheel_ms; /* of the last turn; 0: something else came since */
	bool is_help_shown;

	bool is_prompting;
	char prompt[WINDOW_PROMPT_BYTES]; /* the path being typed */
	bool is_proposal;		  /* it is ours still: the first letter replaces it */
	bool is_sure;			  /* a file of that name may be replaced */
	bool wants_saving;
	char message[WINDOW_MESSAGE_BYTES]; /* empty: none */
};

#endif
