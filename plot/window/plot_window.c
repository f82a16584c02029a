/*
 * A plot in a window of our own; see plot_window.h (plot layer).
 *
 * One thread waits for the user and for the child that draws. A new view is first drawn from what is
 * in memory. Where that is reduced, the files are read again for the view; between two
 * blocks the reader asks whether to read on, and then events of the user are handled: reading never
 * makes the user wait.
 */
#include "plot/window/plot_window.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "plot/layout/plot_hover.h"
#include "plot/layout/plot_layout.h"
#include "plot/model/palette.h"
#include "plot/model/plot_build.h"
#include "plot/plplot/plot_output.h"
#include "plot/window/window_follow.h"
#include "plot/window/window_input.h"
#include "plot/window/window_prompt.h"

static const char *const help[][2] = {
	{ "drag", "zoom to a box; to a time where the box is flat" },
	{ "wheel", "zoom time about the pointer" },
	{ "Ctrl + wheel", "zoom memory about the pointer" },
	{ "Shift + drag, middle", "move" },
	{ "arrows, Shift + wheel", "move" },
	{ "+ and -", "zoom time about the middle" },
	{ "b, right button", "back to the view before" },
	{ "r", "reset" },
	{ "space", "pause, or go on, with a file that is followed" },
	{ "s", "save what is seen as PNG, SVG or PDF" },
	{ "h or ?", "this help" },
	{ "q, Escape", "close" },
};

static void forget_detail(struct window *window)
{
	for (size_t i = 0; window->detail != NULL && i < window->source->count; i++)
		profile_deinit(&window->detail[i]);
	free(window->detail);
	window->detail = NULL;
}

static bool are_reduced(const struct profile *profiles, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (profile_is_reduced(&profiles[i]))
			return true;
	}
	return false;
}

static void scene_deinit(struct window_scene *scene)
{
	plot_layout_deinit(&scene->layout);
	plot_model_deinit(&scene->model);
	*scene = (struct window_scene){ 0 };
}

/* Whether the detail that has been read is all that there is within a view. */
static bool is_detail_of(const struct window *window, const struct plot_view *view)
{
	bool is_within =
		view->from_ns >= window->detail_from_ns && view->to_ns <= window->detail_to_ns;
	bool is_same =
		view->from_ns == window->detail_from_ns && view->to_ns == window->detail_to_ns;

	return window->detail != NULL && is_within && (is_same || !window->is_detail_reduced);
}

static struct error *scene_init(struct window_scene *scene, const struct window *window,
				const struct plot_page *page)
{
	const struct plot_window_source *source = window->source;
	const struct plot_view *view = plot_views_current(&window->views);
	struct plot_options options = *source->options;

	options.has_window = view->from_ns != 0 || view->to_ns != window->views.whole.to_ns;
	options.window_start_ns = view->from_ns;
	options.window_end_ns = view->to_ns;
	options.has_memory_range = view->has_memory;
	options.low_mib = view->low_mib;
	options.high_mib = view->high_mib;
	*scene = (struct window_scene){ .view = *view };
	struct error *err = plot_build(
		&scene->model, is_detail_of(window, view) ? window->detail : source->profiles,
		source->count, &options);
	if (err != NULL)
		return err;
	err = plot_layout_init(&scene->layout, &scene->model, page);
	if (err != NULL)
		plot_model_deinit(&scene->model);
	return err;
}

/* Where nothing was recorded there is nothing to look at: back to where there was. */
static struct error *refuse_view(struct window *window, struct error *err)
{
	if (error_code(err) != ERR_USAGE || !plot_views_back(&window->views))
		return err;
	window_say(window, "nothing was recorded there");
	error_free(err);
	return NULL;
}

static struct error *start_drawing(struct window *window)
{
	struct plot_page page = *window->source->page;
	const struct plot_view *view = plot_views_current(&window->views);

	window->needs_drawing = false;
	/* The end of what grows is in memory, and has another one soon. */
	bool is_moving = window_is_following(window) && view->to_ns == window->views.whole.to_ns;
	window->needs_detail = !plot_views_is_whole(&window->views) && !is_moving &&
			       are_reduced(window->source->profiles, window->source->count) &&
			       !is_detail_of(window, view);
	window_follow_draws(window);
	page.width = window->width;
	page.height = window->height;
	page.dpi = PLOT_PAGE_UNITS_PER_INCH * window->scale;
	struct error *err = scene_init(&window->coming, window, &page);
	if (err != NULL)
		return refuse_view(window, err);
	err = plot_pixels_start(&window->pixels, &window->coming.model, &window->coming.layout);
	window->is_drawing = err == NULL;
	if (err != NULL)
		scene_deinit(&window->coming);
	return err;
}

static struct error *finish_drawing(struct window *window)
{
	struct error *err = plot_pixels_finish(&window->pixels);

	window->is_drawing = false;
	if (err != NULL) {
		scene_deinit(&window->coming);
		return err;
	}
	scene_deinit(&window->shown);
	window->shown = window->coming;
	window->shown.is_there = true;
	window->coming = (struct window_scene){ 0 };
	x11_take_picture(window->x11, window->pixels.pixels, window->pixels.width,
			 window->pixels.height);
	window->needs_showing = true;
	window_follow_drawn(window);
	return NULL;
}

static void put_status(struct window *window, struct x11_overlay *overlay, char *status,
		       size_t room)
{
	overlay->status = status;
	if (window->is_prompting && window->message[0] == '\0')
		snprintf(status, room, "save as: %s\u2588", window->prompt);
	else if (window->message[0] != '\0')
		snprintf(status, room, "%s", window->message);
	else if (window->read_share >= 0)
		snprintf(status, room, "reading the detail: %.0f %%", window->read_share * 100);
	else {
		overlay->status = window_hint(window);
		overlay->is_status_plain = true;
	}
}

static void show(struct window *window)
{
	struct plot_hover hover = { .text = "" };
	char status[WINDOW_PROMPT_BYTES + 32];
	struct x11_overlay overlay = {
		.width = window->width,
		.height = window->height,
		.scale = window->scale,
		.is_dark = window->source->page->is_dark,
		.font = window->source->page->font,
		.help = window->is_help_shown ? help : NULL,
		.help_count = sizeof(help) / sizeof(help[0]),
	};

	window->needs_showing = false;
	put_status(window, &overlay, status, sizeof(status));
	if (window->shown.is_there && window->drag == DRAG_BOX) {
		overlay.has_selection = true;
		overlay.selection = window_dragged_box(window);
	} else if (window->shown.is_there && window->drag == DRAG_NONE && window->is_pointed) {
		plot_hover_find(&hover, &window->shown.model, &window->shown.layout, window->x,
				window->y);
		overlay.tip = hover.text[0] != '\0' ? hover.text : NULL;
		overlay.tip_x = window->x;
		overlay.tip_y = window->y;
		overlay.has_outline = hover.has_box;
		overlay.outline =
			(struct x11_box){ hover.left, hover.bottom, hover.right, hover.top };
		overlay.has_point = hover.has_point;
		overlay.point_x = hover.x;
		overlay.point_y = hover.y;
		overlay.point_color = hover.color;
	}
	x11_draw(window->x11, &overlay);
}

/* Waits at most @timeout_ms (-1: any time) for the user or the drawing, and takes note of them. */
static struct error *pump(struct window *window, int timeout_ms)
{
	struct window_event event;
	struct error *err = NULL;
	bool has_event = x11_next_event(window->x11, &event);
	struct pollfd fds[2] = {
		{ .fd = x11_fd(window->x11), .events = POLLIN },
		{ .fd = window->is_drawing ? window->pixels.child.said_fd : -1 },
	};

	int ready = poll(fds, 2, has_event || x11_is_lost(window->x11) ? 0 : timeout_ms);
	if (ready < 0 && errno != EINTR)
		return error_os(errno, "cannot wait for the display");
	if (ready > 0 && fds[1].revents != 0)
		err = finish_drawing(window);
	while (err == NULL && (has_event || x11_next_event(window->x11, &event))) {
		window_handle_event(window, &event);
		has_event = false;
	}
	if (err == NULL && x11_is_lost(window->x11))
		err = error_new(ERR_FAILED, "the connection to the display is lost");
	if (err == NULL && window->needs_showing)
		show(window);
	return err;
}

struct detail_reading {
	struct window *window;
	struct error *err; /* of the window, not of the files */
};

/* Between two blocks of a file: whether to read on. */
static bool read_on(void *data, uint64_t done, uint64_t total)
{
	struct detail_reading *reading = data;
	struct window *window = reading->window;
	double share = total > 0 ? (double)done / (double)total : 0;

	if (fabs(share - window->read_share) >= 0.01) {
		window->read_share = share;
		window->needs_showing = true;
	}
	reading->err = pump(window, 0);
	return reading->err == NULL && !window->is_closed && !window->needs_drawing;
}

static struct error *read_detail(struct window *window)
{
	const struct plot_window_source *source = window->source;
	struct plot_view view = *plot_views_current(&window->views);
	struct detail_reading reading = { window, NULL };
	struct profile *profiles = NULL;

	window->read_share = 0;
	struct error *err =
		source->read(source->data, view.from_ns, view.to_ns, read_on, &reading, &profiles);
	window->read_share = -1;
	window->needs_showing = true;
	if (reading.err != NULL) {
		error_free(err);
		return reading.err;
	}
	if (err != NULL && error_code(err) == ERR_GONE) { /* given up for another view */
		error_free(err);
		return NULL;
	}
	window->needs_detail = false;
	if (err != NULL) {
		/* The recording may be gone by now; what is in memory can be looked at still. */
		window_say(window, "no more detail: %s", error_message(err));
		error_free(err);
		return NULL;
	}
	forget_detail(window);
	window->detail = profiles;
	window->detail_from_ns = view.from_ns;
	window->detail_to_ns = view.to_ns;
	window->is_detail_reduced = are_reduced(profiles, source->count);
	window->needs_drawing = true;
	return NULL;
}

/* What is seen, of its own size. */
static void save(struct window *window)
{
	window->wants_saving = false;
	struct error *err = plot_output_file(&window->shown.model, &window->shown.layout,
					     plot_backend_of_path(window->prompt), window->prompt);
	if (err != NULL)
		window_say(window, "%s", error_message(err));
	else
		window_say(window, "saved %s", window->prompt);
	error_free(err);
}

static struct error *run(struct window *window)
{
	struct error *err = NULL;

	while (err == NULL && !window->is_closed) {
		bool is_steady = !window->needs_drawing && !window->is_drawing;
		if (window->needs_drawing && !window->is_drawing)
			err = start_drawing(window);
		else if (!window->needs_drawing && window->needs_detail &&
			 window->drag == DRAG_NONE)
			err = read_detail(window);
		else if (is_steady && window->wants_saving)
			save(window);
		else
			err = pump(window, window_patience_ms(window));
		if (err == NULL && window_patience_ms(window) == 0)
			err = window_look_for_more(window);
	}
	return err;
}

/* As large as what is on it wants, or its user, but within the screen. */
static struct error *choose_size(struct window *window)
{
	struct window_scene scene;
	struct plot_page page = *window->source->page;
	double room_x, room_y;

	struct error *err = scene_init(&scene, window, &page);
	if (err != NULL)
		return err;
	x11_room(window->x11, &room_x, &room_y);
	window->width = fmin(scene.layout.page.width, room_x / window->scale);
	window->height = fmin(scene.layout.page.height, room_y / window->scale);
	scene_deinit(&scene);
	return NULL;
}

static struct error *open_and_run(struct window *window)
{
	struct rgba paper = palette_rgba(COLOR_PAPER, window->source->page->is_dark);
	double dpi = window->source->page->dpi;

	window->scale = dpi > 0 ? dpi / PLOT_PAGE_UNITS_PER_INCH : x11_scale(window->x11);
	struct error *err = choose_size(window);
	if (err != NULL)
		return err;
	x11_show(window->x11, (size_t)lround(window->width * window->scale),
		 (size_t)lround(window->height * window->scale),
		 (uint32_t)paper.red << 16 | (uint32_t)paper.green << 8 | paper.blue);
	window->needs_drawing = true;
	err = run(window);
	/* One that is still drawing ends by itself, and is waited for. */
	if (window->is_drawing)
		error_free(plot_pixels_finish(&window->pixels));
	return err;
}

struct error *plot_window_show(const struct plot_window_source *source, bool *ret_shown)
{
	struct window window = { .source = source, .read_share = -1 };
	const struct plot_options *options = source->options;
	int64_t end_ns = window_find_end(source);
	struct plot_view first = { .to_ns = end_ns };

	if (options->has_window) {
		first.from_ns = options->window_start_ns;
		first.to_ns = options->window_end_ns;
	}
	struct error *err = x11_open(&window.x11, source->title);
	*ret_shown = window.x11 != NULL;
	if (err != NULL || window.x11 == NULL)
		return err;
	plot_views_init(&window.views, end_ns, &first);
	err = open_and_run(&window);
	scene_deinit(&window.shown);
	scene_deinit(&window.coming);
	plot_pixels_deinit(&window.pixels);
	forget_detail(&window);
	x11_close(window.x11);
	return err;
}
