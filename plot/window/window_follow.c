/* A window on a file that grows; see window_follow.h. Plot layer. */
#include "plot/window/window_follow.h"

#include "tracer/base/clock.h"

static const char HINT[] =
	"drag: zoom    wheel: zoom time    Shift+drag: move    b: back    r: reset    "
	"s: save    h: help    q: close";

static const char HINT_FOLLOWING[] =
	"following: space pauses    drag: zoom    wheel: zoom time    r: reset    s: save    "
	"h: help    q: close";
static const char HINT_PAUSED[] = "paused: space goes on    drag: zoom    wheel: zoom time    "
				  "r: reset    s: save    h: help    q: close";

/* Twice a second, and a fifth of the time at most. */
static const int64_t LOOK_NS = 500000000;
enum { LOOK_FACTOR = 4 };

bool window_is_following(const struct window *window)
{
	return window->source->follow != NULL && !window->source->profiles[0].has_end;
}

int64_t window_find_end(const struct plot_window_source *source)
{
	int64_t end_ns = 0;

	for (size_t i = 0; i < source->count; i++) {
		int64_t length_ns = source->profiles[i].last_ns - source->profiles[i].zero_ns;
		end_ns = length_ns > end_ns ? length_ns : end_ns;
	}
	return end_ns;
}

const char *window_hint(const struct window *window)
{
	if (window->is_paused)
		return HINT_PAUSED;
	return window_is_following(window) ? HINT_FOLLOWING : HINT;
}

void window_follow_draws(struct window *window)
{
	window->drawing_ns = clock_now_ns();
}

void window_follow_drawn(struct window *window)
{
	int64_t now_ns = clock_now_ns(), pause_ns = LOOK_FACTOR * (now_ns - window->drawing_ns);

	window->look_ns = now_ns + (pause_ns > LOOK_NS ? pause_ns : LOOK_NS);
}

/* How long to wait for the user before there is to be looked for more; -1: any time. */
int window_patience_ms(const struct window *window)
{
	static const int64_t ns_per_ms = 1000000;
	int64_t left_ns = window->look_ns - clock_now_ns();

	if (window->source->follow == NULL || window->is_paused || window->is_drawing)
		return -1;
	return left_ns > 0 ? (int)(left_ns / ns_per_ms) + 1 : 0;
}

/* Not while the user drags over what is there, or types. */
struct error *window_look_for_more(struct window *window)
{
	const struct plot_view *view = plot_views_current(&window->views);
	bool reaches_end = view->to_ns == window->views.whole.to_ns, has_changed;

	window->look_ns = clock_now_ns() + LOOK_NS;
	if (window->drag != DRAG_NONE || window->is_prompting)
		return NULL;
	struct error *err = window->source->follow(window->source->data, &has_changed);
	if (err != NULL || !has_changed)
		return err;
	plot_views_grow(&window->views, window_find_end(window->source));
	window->needs_drawing =
		window->needs_drawing || reaches_end || !window_is_following(window);
	return NULL;
}
