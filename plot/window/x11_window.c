/*
 * A window on an X display, with Xlib and cairo; see x11_window.h (plot layer).
 *
 * Xlib ends the whole program when the server goes away or refuses a request: here the first is
 * noted, for x11_is_lost, and the second, at worst a picture that is not seen, is only reported.
 */
#include "plot/window/x11_window.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/cursorfont.h>
#include <X11/keysym.h>
#include <cairo-xlib.h>

#include "plot/text/text.h"
#include "plot/window/x11_overlay_draw.h"
#include "tracer/base/log.h"

struct x11_window {
	Display *display;
	Window window;
	Atom wm_protocols, wm_delete_window;
	Cursor cursor;
	cairo_surface_t *surface; /* the window's; NULL before it is shown */
	cairo_surface_t *picture; /* on the server, so that an overlay need not send it again */
	double paper[3];
	int width, height; /* in dots */
	bool is_lost;
};

static int report_error(Display *display, XErrorEvent *event)
{
	char text[128];

	XGetErrorText(display, event->error_code, text, sizeof(text));
	log_warning("the X server refuses a request (%d): %s", event->request_code, text);
	return 0;
}

/* Called before the exit handler, and by default what prints. */
static int ignore_io_error(Display *display)
{
	(void)display;
	return 0;
}

static void note_lost(Display *display, void *data)
{
	struct x11_window *window = data;

	(void)display;
	window->is_lost = true;
}

/* For a window manager that would end a window which no longer answers (EWMH, _NET_WM_PID: together
 * with WM_CLIENT_MACHINE, which Xlib sets here). */
static void set_owner(struct x11_window *window)
{
	Atom pid = XInternAtom(window->display, "_NET_WM_PID", False);
	long value = getpid();

	XSetWMProperties(window->display, window->window, NULL, NULL, NULL, 0, NULL, NULL, NULL);
	XChangeProperty(window->display, window->window, pid, XA_CARDINAL, 32, PropModeReplace,
			(const unsigned char *)&value, 1);
}

static void set_title(struct x11_window *window, const char *text)
{
	char *title = text_clean(text, strlen(text));
	Atom utf8 = XInternAtom(window->display, "UTF8_STRING", False);
	Atom name = XInternAtom(window->display, "_NET_WM_NAME", False);
	XClassHint class_hint = { (char *)"mprof-trace", (char *)"Mprof-trace" };

	if (title != NULL) {
		XStoreName(window->display, window->window, title);
		XChangeProperty(window->display, window->window, name, utf8, 8, PropModeReplace,
				(const unsigned char *)title, (int)strlen(title));
	}
	XSetClassHint(window->display, window->window, &class_hint);
	free(title);
}

struct error *x11_open(struct x11_window **ret, const char *title)
{
	*ret = NULL;
	Display *display = XOpenDisplay(NULL);
	if (display == NULL)
		return NULL;
	struct x11_window *window = calloc(1, sizeof(*window));
	if (window == NULL) {
		XCloseDisplay(display);
		return error_no_memory();
	}
	window->display = display;
	XSetErrorHandler(report_error);
	XSetIOErrorHandler(ignore_io_error);
	XSetIOErrorExitHandler(display, note_lost, window);
	window->window =
		XCreateSimpleWindow(display, DefaultRootWindow(display), 0, 0, 1, 1, 0, 0, 0);
	/* No background: the server would paint it before each picture. */
	XSetWindowBackgroundPixmap(display, window->window, None);
	XSelectInput(display, window->window,
		     ExposureMask | StructureNotifyMask | KeyPressMask | ButtonPressMask |
			     ButtonReleaseMask | PointerMotionMask | LeaveWindowMask);
	window->wm_protocols = XInternAtom(display, "WM_PROTOCOLS", False);
	window->wm_delete_window = XInternAtom(display, "WM_DELETE_WINDOW", False);
	XSetWMProtocols(display, window->window, &window->wm_delete_window, 1);
	window->cursor = XCreateFontCursor(display, XC_crosshair);
	XDefineCursor(display, window->window, window->cursor);
	set_owner(window);
	set_title(window, title);
	*ret = window;
	return NULL;
}

void x11_close(struct x11_window *window)
{
	if (window == NULL)
		return;
	/* Both are harmless on a lost connection: requests are thrown away then. */
	if (window->picture != NULL)
		cairo_surface_destroy(window->picture);
	if (window->surface != NULL)
		cairo_surface_destroy(window->surface);
	XCloseDisplay(window->display);
	free(window);
}

double x11_scale(const struct x11_window *window)
{
	const char *text = XGetDefault(window->display, "Xft", "dpi");
	double dpi = text != NULL ? strtod(text, NULL) : 0;

	return dpi >= 48 && dpi <= 960 ? dpi / 96 : 1;
}

void x11_room(const struct x11_window *window, double *ret_width, double *ret_height)
{
	int screen = DefaultScreen(window->display);

	*ret_width = DisplayWidth(window->display, screen) * 0.96;
	*ret_height = DisplayHeight(window->display, screen) * 0.9;
}

void x11_show(struct x11_window *window, size_t width, size_t height, uint32_t paper)
{
	XSizeHints hints = { .flags = PMinSize, .min_width = 320, .min_height = 240 };
	Display *display = window->display;

	window->width = (int)width;
	window->height = (int)height;
	for (unsigned i = 0; i < 3; i++)
		window->paper[i] = (paper >> (16 - 8 * i) & 0xff) / 255.0;
	XSetWMNormalHints(display, window->window, &hints);
	XResizeWindow(display, window->window, (unsigned)width, (unsigned)height);
	window->surface = cairo_xlib_surface_create(display, window->window,
						    DefaultVisual(display, DefaultScreen(display)),
						    window->width, window->height);
	XMapWindow(display, window->window);
	XFlush(display);
}

int x11_fd(const struct x11_window *window)
{
	return ConnectionNumber(window->display);
}

bool x11_is_lost(const struct x11_window *window)
{
	return window->is_lost;
}

/* @c in UTF-8; at most U+10FFFF. */
static void put_character(char text[8], uint32_t c)
{
	size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char firsts[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	memset(text, 0, 8);
	for (size_t i = length; i-- > 1; c >>= 6)
		text[i] = (char)(0x80 | (c & 0x3f));
	text[0] = (char)(firsts[length] | c);
}

/* X11 protocol, appendix A: Latin-1 is itself, Unicode has its own range. */
static enum window_key read_key(KeySym symbol, char text[8])
{
	static const struct {
		KeySym symbol;
		enum window_key key;
	} keys[] = {
		{ XK_Return, WINDOW_KEY_ENTER },  { XK_KP_Enter, WINDOW_KEY_ENTER },
		{ XK_Escape, WINDOW_KEY_ESCAPE }, { XK_BackSpace, WINDOW_KEY_BACKSPACE },
		{ XK_Left, WINDOW_KEY_LEFT },	  { XK_Right, WINDOW_KEY_RIGHT },
		{ XK_Up, WINDOW_KEY_UP },	  { XK_Down, WINDOW_KEY_DOWN },
		{ XK_Home, WINDOW_KEY_HOME },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i].symbol == symbol)
			return keys[i].key;
	}
	if ((symbol >= 0x20 && symbol <= 0x7e) || (symbol >= 0xa0 && symbol <= 0xff))
		put_character(text, (uint32_t)symbol);
	else if (symbol >= 0x1000100 && symbol <= 0x110ffff)
		put_character(text, (uint32_t)symbol - 0x1000000);
	else
		return WINDOW_KEY_OTHER;
	return WINDOW_KEY_TEXT;
}

static void read_state(struct window_event *ret, unsigned state, Time time)
{
	ret->has_shift = state & ShiftMask;
	ret->has_control = state & ControlMask;
	ret->time_ms = time;
}

static bool read_resize(struct x11_window *window, const XConfigureEvent *event,
			struct window_event *ret)
{
	if (event->width == window->width && event->height == window->height)
		return false;
	window->width = event->width;
	window->height = event->height;
	cairo_xlib_surface_set_size(window->surface, window->width, window->height);
	*ret = (struct window_event){ .kind = WINDOW_RESIZED,
				      .x = event->width,
				      .y = event->height };
	return true;
}

/* False when it is nothing to us. */
static bool read_event(struct x11_window *window, XEvent *event, struct window_event *ret)
{
	char ignored[16];
	KeySym symbol;

	*ret = (struct window_event){ .kind = WINDOW_EXPOSED };
	switch (event->type) {
	case Expose:
		return event->xexpose.count == 0;
	case ConfigureNotify:
		return read_resize(window, &event->xconfigure, ret);
	case MotionNotify:
		ret->kind = WINDOW_MOVED;
		ret->x = event->xmotion.x;
		ret->y = event->xmotion.y;
		read_state(ret, event->xmotion.state, event->xmotion.time);
		return true;
	case LeaveNotify:
		ret->kind = WINDOW_LEFT;
		return true;
	case ButtonPress:
	case ButtonRelease:
		ret->kind = event->type == ButtonPress ? WINDOW_PRESSED : WINDOW_RELEASED;
		ret->x = event->xbutton.x;
		ret->y = event->xbutton.y;
		ret->button = event->xbutton.button;
		read_state(ret, event->xbutton.state, event->xbutton.time);
		return true;
	case KeyPress:
		ret->kind = WINDOW_KEY;
		XLookupString(&event->xkey, ignored, sizeof(ignored), &symbol, NULL);
		ret->key = read_key(symbol, ret->text);
		read_state(ret, event->xkey.state, event->xkey.time);
		return true;
	case MappingNotify:
		XRefreshKeyboardMapping(&event->xmapping);
		return false;
	case ClientMessage:
		ret->kind = WINDOW_CLOSED;
		return event->xclient.message_type == window->wm_protocols &&
		       (Atom)event->xclient.data.l[0] == window->wm_delete_window;
	default:
		return false;
	}
}

bool x11_next_event(struct x11_window *window, struct window_event *ret)
{
	XEvent event;

	while (!window->is_lost && XPending(window->display) > 0 && !window->is_lost) {
		XNextEvent(window->display, &event);
		if (!window->is_lost && read_event(window, &event, ret))
			return true;
	}
	return false;
}

void x11_take_picture(struct x11_window *window, const uint32_t *pixels, size_t width,
		      size_t height)
{
	cairo_surface_t *image = cairo_image_surface_create_for_data(
		(unsigned char *)pixels, CAIRO_FORMAT_RGB24, (int)width, (int)height,
		(int)(width * sizeof(*pixels)));

	if (window->picture != NULL)
		cairo_surface_destroy(window->picture);
	window->picture = cairo_surface_create_similar(window->surface, CAIRO_CONTENT_COLOR,
						       (int)width, (int)height);
	cairo_t *cairo = cairo_create(window->picture);
	cairo_set_source_surface(cairo, image, 0, 0);
	cairo_paint(cairo);
	cairo_destroy(cairo);
	cairo_surface_finish(image);
	cairo_surface_destroy(image);
}

void x11_draw(struct x11_window *window, const struct x11_overlay *overlay)
{
	if (window->is_lost)
		return;
	cairo_t *cairo = cairo_create(window->surface);
	/* All at once: nothing half-drawn is seen. */
	cairo_push_group_with_content(cairo, CAIRO_CONTENT_COLOR);
	cairo_set_source_rgb(cairo, window->paper[0], window->paper[1], window->paper[2]);
	cairo_paint(cairo);
	if (window->picture != NULL) {
		cairo_set_source_surface(cairo, window->picture, 0, 0);
		cairo_paint(cairo);
	}
	x11_overlay_draw(cairo, overlay);
	cairo_pop_group_to_source(cairo);
	cairo_paint(cairo);
	cairo_destroy(cairo);
	cairo_surface_flush(window->surface);
	XFlush(window->display);
}
