/*
 * A window on an X display: pixels, what is drawn over them, and what the user does (plot layer,
 * private to plot_window). Knows nothing of plots.
 */
#ifndef PLOT_WINDOW_X11_WINDOW_H
#define PLOT_WINDOW_X11_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plot/window/x11_overlay.h"
#include "tracer/base/error.h"

struct x11_window;

enum window_event_kind {
	WINDOW_EXPOSED,
	WINDOW_RESIZED, /* x, y: the new size */
	WINDOW_MOVED,	/* the pointer */
	WINDOW_LEFT,	/* by the pointer */
	WINDOW_PRESSED,
	WINDOW_RELEASED,
	WINDOW_KEY,
	WINDOW_CLOSED, /* by the window manager */
};

enum window_key {
	WINDOW_KEY_TEXT, /* event.text has it */
	WINDOW_KEY_ENTER,
	WINDOW_KEY_ESCAPE,
	WINDOW_KEY_BACKSPACE,
	WINDOW_KEY_LEFT,
	WINDOW_KEY_RIGHT,
	WINDOW_KEY_UP,
	WINDOW_KEY_DOWN,
	WINDOW_KEY_HOME,
	WINDOW_KEY_OTHER
};

/* Buttons as X counts them. */
enum {
	WINDOW_BUTTON_LEFT = 1,
	WINDOW_BUTTON_MIDDLE,
	WINDOW_BUTTON_RIGHT,
	WINDOW_WHEEL_UP,
	WINDOW_WHEEL_DOWN,
	WINDOW_WHEEL_LEFT,
	WINDOW_WHEEL_RIGHT,
	WINDOW_BUTTON_BACK
};

struct window_event {
	enum window_event_kind kind;
	double x, y; /* dots from the upper left corner */
	unsigned button;
	bool has_shift, has_control;
	enum window_key key;
	char text[8];	  /* one character, UTF-8 */
	uint64_t time_ms; /* of the X server's clock */
};

/* *@ret is NULL, without an error, where no display can be opened. */
struct error *x11_open(struct x11_window **ret, const char *title) MUST_CHECK;
void x11_close(struct x11_window *window);

/* Dots of the display in 1/90 inch, as its user has set them; 1 for most. */
double x11_scale(const struct x11_window *window);

/* What of the screen a window may have, in dots. */
void x11_room(const struct x11_window *window, double *ret_width, double *ret_height);

/* Shows it, so large; @paper is what is seen before there is a picture, 0x00RRGGBB. */
void x11_show(struct x11_window *window, size_t width, size_t height, uint32_t paper);

/* Poll it for reading, but only once x11_next_event has returned false. */
int x11_fd(const struct x11_window *window);

/* The next thing that has happened; false: nothing more by now. Never waits. */
bool x11_next_event(struct x11_window *window, struct window_event *ret);

/* The connection is lost: nothing can be shown any more. */
bool x11_is_lost(const struct x11_window *window);

/* Takes over a picture of 0x00RRGGBB, the uppermost row first; to be seen with the next draw. */
void x11_take_picture(struct x11_window *window, const uint32_t *pixels, size_t width,
		      size_t height);

/* Draws the picture and what lies over it. */
void x11_draw(struct x11_window *window, const struct x11_overlay *overlay);

#endif
