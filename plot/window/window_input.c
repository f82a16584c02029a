/* What the user's keys and pointer do to a window; see window_input.h. Plot layer. */
#include "plot/window/window_input.h"

#include <math.h>

#include "plot/window/window_prompt.h"

/* A hand that holds still moves by less; a box narrower than that chooses one range only. */
static const double STILL_PX = 4, FLAT_PX = 10;
static const double WHEEL_FACTOR = 0.8, KEY_FACTOR = 0.6, KEY_MOVE = 0.15;
static const uint64_t WHEEL_PAUSE_MS = 700; /* turns without it are one step to go back */

static double time_at(const struct window *window, double x)
{
	return plot_layout_time_ns(&window->shown.layout, &window->shown.model, x);
}

static double memory_at(const struct window *window, double y)
{
	return plot_layout_memory_mib(&window->shown.layout, &window->shown.model, y);
}

static bool is_in_frame(const struct window *window, double x, double y)
{
	const struct plot_layout *at = &window->shown.layout;

	return x >= at->left && x <= at->right && y >= at->bottom && y <= at->top;
}

static void go(struct window *window, const struct plot_view *view, bool replaces)
{
	if (plot_views_go(&window->views, view, replaces))
		window->needs_drawing = true;
}

/* The current view with the memory range that is seen, chosen or not. */
static struct plot_view view_with_memory(const struct window *window)
{
	struct plot_view view = *plot_views_current(&window->views);
	const struct axis *y = &window->shown.model.y;

	if (!view.has_memory) {
		view.has_memory = true;
		view.low_mib = y->min * y->per_unit;
		view.high_mib = y->max * y->per_unit;
	}
	return view;
}

static void zoom_time(struct window *window, double at_ns, double factor, bool replaces)
{
	struct plot_view view =
		plot_view_zoom_time(plot_views_current(&window->views), at_ns, factor);

	go(window, &view, replaces);
}

static void zoom_memory(struct window *window, double at_mib, double factor, bool replaces)
{
	struct plot_view view = view_with_memory(window);

	view = plot_view_zoom_memory(&view, at_mib, factor);
	go(window, &view, replaces);
}

/* By shares of what is seen. */
static void move_by(struct window *window, double time_share, double memory_share, bool replaces)
{
	struct plot_view view =
		memory_share != 0 ? view_with_memory(window) : *plot_views_current(&window->views);

	view = plot_view_move(&view, time_share * (double)(view.to_ns - view.from_ns),
			      memory_share * (view.high_mib - view.low_mib));
	go(window, &view, replaces);
}

static void turn_wheel(struct window *window, const struct window_event *event)
{
	bool goes_on = window->wheel_ms != 0 && event->time_ms - window->wheel_ms < WHEEL_PAUSE_MS;
	bool is_up = event->button == WINDOW_WHEEL_UP;
	double factor = is_up ? WHEEL_FACTOR : 1 / WHEEL_FACTOR;

	window->wheel_ms = event->time_ms;
	if (event->button == WINDOW_WHEEL_LEFT || event->button == WINDOW_WHEEL_RIGHT)
		move_by(window, event->button == WINDOW_WHEEL_LEFT ? -KEY_MOVE : KEY_MOVE, 0,
			goes_on);
	else if (event->has_shift)
		move_by(window, is_up ? -KEY_MOVE : KEY_MOVE, 0, goes_on);
	else if (event->has_control)
		zoom_memory(window, memory_at(window, window->y), factor, goes_on);
	else
		zoom_time(window, time_at(window, window->x), factor, goes_on);
}

/* The box that is being dragged, as it would be looked at. */
static struct plot_view window_dragged_view(const struct window *window)
{
	double width = fabs(window->x - window->drag_x), height = fabs(window->y - window->drag_y);
	const struct plot_view *current = plot_views_current(&window->views);
	struct plot_view view = *current;
	const struct x11_box box = window_dragged_box(window);

	if (width >= FLAT_PX || height < FLAT_PX) {
		view.from_ns = llround(time_at(window, box.left));
		view.to_ns = llround(time_at(window, box.right));
	}
	if (height >= FLAT_PX) {
		view.has_memory = true;
		view.low_mib = fmax(memory_at(window, box.bottom), 0);
		view.high_mib = memory_at(window, box.top);
	}
	return view;
}

struct x11_box window_dragged_box(const struct window *window)
{
	const struct plot_layout *at = &window->shown.layout;
	double x = layout_clamp(window->x, at->left, at->right);
	double y = layout_clamp(window->y, at->bottom, at->top);
	double width = fabs(window->x - window->drag_x), height = fabs(window->y - window->drag_y);
	struct x11_box box = {
		.left = fmin(x, window->drag_x),
		.right = fmax(x, window->drag_x),
		.bottom = fmin(y, window->drag_y),
		.top = fmax(y, window->drag_y),
	};

	if (height < FLAT_PX) {
		box.bottom = at->bottom;
		box.top = at->top;
	} else if (width < FLAT_PX) {
		box.left = at->left;
		box.right = at->right;
	}
	return box;
}

static void start_drag(struct window *window, const struct window_event *event,
		       enum window_drag drag)
{
	const struct plot_layout *at = &window->shown.layout;

	window->drag = drag;
	window->drag_button = event->button;
	window->drag_x = layout_clamp(window->x, at->left, at->right);
	window->drag_y =
		drag == DRAG_BOX ? layout_clamp(window->y, at->bottom, at->top) : window->y;
	window->drag_view = *plot_views_current(&window->views);
	window->has_moved = false;
}

/* What was under the pointer when the drag began stays there. */
static void drag_along(struct window *window)
{
	const struct plot_layout *at = &window->shown.layout;
	const struct plot_view *from = &window->drag_view;
	double time_share = (window->drag_x - window->x) / (at->right - at->left);
	double memory_share = (window->drag_y - window->y) / (at->top - at->bottom);
	struct plot_view view =
		plot_view_move(from, time_share * (double)(from->to_ns - from->from_ns),
			       memory_share * (from->high_mib - from->low_mib));

	if (plot_views_go(&window->views, &view, window->has_moved)) {
		window->has_moved = true;
		window->needs_drawing = true;
	}
}

static void end_drag(struct window *window)
{
	bool is_still = hypot(window->x - window->drag_x, window->y - window->drag_y) < STILL_PX;

	if (window->drag == DRAG_BOX && !is_still) {
		struct plot_view view = window_dragged_view(window);
		go(window, &view, false);
	}
	window->drag = DRAG_NONE;
	window->needs_showing = true;
}

static void go_back(struct window *window)
{
	if (plot_views_back(&window->views))
		window->needs_drawing = true;
	else
		window_say(window, "this is where it began; r shows all");
}

static void press(struct window *window, const struct window_event *event)
{
	bool is_wheel = event->button >= WINDOW_WHEEL_UP && event->button <= WINDOW_WHEEL_RIGHT;

	if (!window->shown.is_there || window->drag != DRAG_NONE)
		return;
	if (is_wheel) {
		turn_wheel(window, event);
		return;
	}
	window->wheel_ms = 0;
	if (event->button == WINDOW_BUTTON_MIDDLE ||
	    (event->button == WINDOW_BUTTON_LEFT && event->has_shift))
		start_drag(window, event, DRAG_PAN);
	else if (event->button == WINDOW_BUTTON_LEFT && is_in_frame(window, window->x, window->y))
		start_drag(window, event, DRAG_BOX);
	else if (event->button == WINDOW_BUTTON_RIGHT || event->button == WINDOW_BUTTON_BACK)
		go_back(window);
}

static void press_character(struct window *window, char c)
{
	double middle = (window->shown.layout.left + window->shown.layout.right) / 2;

	switch (c) {
	case 'q':
		window->is_closed = true;
		break;
	case 'h':
	case '?':
		window->is_help_shown = !window->is_help_shown;
		break;
	case 's':
		window_prompt_start(window);
		break;
	case ' ':
		window->is_paused = window->source->follow != NULL && !window->is_paused;
		break;
	case 'b':
		go_back(window);
		break;
	case 'r':
		window->needs_drawing |= plot_views_reset(&window->views);
		break;
	case '+':
	case '=':
		zoom_time(window, time_at(window, middle), KEY_FACTOR, false);
		break;
	case '-':
		zoom_time(window, time_at(window, middle), 1 / KEY_FACTOR, false);
		break;
	}
}

/* Closes what is in front: a drag, the help, the window. */
static void press_escape(struct window *window)
{
	if (window->drag != DRAG_NONE)
		window->drag = DRAG_NONE;
	else if (window->is_help_shown)
		window->is_help_shown = false;
	else
		window->is_closed = true;
}

static void press_key(struct window *window, const struct window_event *event)
{
	window->needs_showing = true;
	window->wheel_ms = 0;
	window->message[0] = '\0';
	if (window->is_prompting) {
		window_prompt_edit(window, event);
		return;
	}
	switch (event->key) {
	case WINDOW_KEY_ESCAPE:
		press_escape(window);
		return;
	case WINDOW_KEY_LEFT:
		move_by(window, -KEY_MOVE, 0, false);
		return;
	case WINDOW_KEY_RIGHT:
		move_by(window, KEY_MOVE, 0, false);
		return;
	case WINDOW_KEY_UP:
		move_by(window, 0, KEY_MOVE, false);
		return;
	case WINDOW_KEY_DOWN:
		move_by(window, 0, -KEY_MOVE, false);
		return;
	case WINDOW_KEY_BACKSPACE:
		go_back(window);
		return;
	case WINDOW_KEY_HOME:
		window->needs_drawing |= plot_views_reset(&window->views);
		return;
	case WINDOW_KEY_TEXT:
		if (!event->has_control)
			press_character(window, event->text[0]);
		return;
	default:
		return;
	}
}

static void move_pointer(struct window *window, const struct window_event *event)
{
	window->x = event->x / window->scale;
	window->y = window->height - event->y / window->scale;
	window->is_pointed = true;
	window->needs_showing = true;
}

void window_handle_event(struct window *window, const struct window_event *event)
{
	switch (event->kind) {
	case WINDOW_EXPOSED:
		window->needs_showing = true;
		break;
	case WINDOW_RESIZED:
		window->width = event->x / window->scale;
		window->height = event->y / window->scale;
		window->needs_drawing = true;
		break;
	case WINDOW_MOVED:
		move_pointer(window, event);
		if (window->drag == DRAG_PAN)
			drag_along(window);
		break;
	case WINDOW_LEFT:
		window->is_pointed = false;
		window->needs_showing = true;
		break;
	case WINDOW_PRESSED:
		move_pointer(window, event);
		window->message[0] = '\0';
		press(window, event);
		break;
	case WINDOW_RELEASED:
		move_pointer(window, event);
		if (window->drag != DRAG_NONE && event->button == window->drag_button)
			end_drag(window);
		break;
	case WINDOW_KEY:
		press_key(window, event);
		break;
	case WINDOW_CLOSED:
		window->is_closed = true;
		break;
	}
}
