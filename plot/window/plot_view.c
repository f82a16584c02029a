/* What part of a plot is looked at; see plot_view.h. Plot layer. */
#include "plot/window/plot_view.h"

#include <math.h>
#include <string.h>

static const int64_t LEAST_NS = 1000;
static const double LEAST_MIB = 1.0 / 1024, MOST_MIB = 17592186044416; /* 2^64 bytes */

/* A range of at least @least, shifted, and cut if need be, to lie within 0 and @most. */
static void clamp_range(double *from, double *to, double least, double most)
{
	double middle = (*from + *to) / 2, length = fmin(fmax(*to - *from, least), most);

	*from = fmin(fmax(middle - length / 2, 0), most - length);
	*to = *from + length;
}

/* Times of one profile are below 2^53 ns, 104 days, or lose nothing that can be seen. */
static void clamp_view(const struct plot_views *views, struct plot_view *view)
{
	const struct plot_view *whole = &views->whole;
	double from = (double)view->from_ns, to = (double)view->to_ns;

	if (view->from_ns < 0 || view->to_ns > whole->to_ns ||
	    view->to_ns - view->from_ns < LEAST_NS) {
		clamp_range(&from, &to, (double)LEAST_NS, (double)whole->to_ns);
		view->from_ns = llround(from);
		view->to_ns = llround(to);
	}
	if (view->has_memory)
		clamp_range(&view->low_mib, &view->high_mib, LEAST_MIB, MOST_MIB);
	else
		view->low_mib = view->high_mib = 0;
}

static bool is_same(const struct plot_view *one, const struct plot_view *other)
{
	return one->from_ns == other->from_ns && one->to_ns == other->to_ns &&
	       one->has_memory == other->has_memory && one->low_mib == other->low_mib &&
	       one->high_mib == other->high_mib;
}

void plot_views_init(struct plot_views *views, int64_t end_ns, const struct plot_view *first)
{
	*views = (struct plot_views){
		.whole = { .to_ns = end_ns > LEAST_NS ? end_ns : LEAST_NS },
		.count = 1,
	};
	views->steps[0] = *first;
	clamp_view(views, &views->steps[0]);
}

void plot_views_grow(struct plot_views *views, int64_t end_ns)
{
	int64_t before_ns = views->whole.to_ns;
	int64_t now_ns = end_ns > LEAST_NS ? end_ns : LEAST_NS;

	views->whole.to_ns = now_ns;
	if (now_ns < before_ns) {
		plot_views_init(views, end_ns, &views->whole);
		return;
	}
	for (size_t i = 0; i < views->count; i++) {
		struct plot_view *view = &views->steps[i];
		if (view->to_ns != before_ns)
			continue;
		view->from_ns += view->from_ns > 0 ? now_ns - before_ns : 0;
		view->to_ns = now_ns;
	}
}

const struct plot_view *plot_views_current(const struct plot_views *views)
{
	return &views->steps[views->count - 1];
}

bool plot_views_is_whole(const struct plot_views *views)
{
	return is_same(plot_views_current(views), &views->whole);
}

bool plot_views_go(struct plot_views *views, const struct plot_view *view, bool replaces)
{
	struct plot_view next = *view;

	clamp_view(views, &next);
	if (is_same(&next, plot_views_current(views)))
		return false;
	if (replaces && views->count > 1) {
		views->count--;
	} else if (views->count == PLOT_VIEW_STEPS) {
		memmove(&views->steps[1], &views->steps[2],
			(PLOT_VIEW_STEPS - 2) * sizeof(views->steps[0]));
		views->count--;
	}
	views->steps[views->count++] = next;
	return true;
}

bool plot_views_back(struct plot_views *views)
{
	if (views->count == 1)
		return false;
	views->count--;
	return true;
}

bool plot_views_reset(struct plot_views *views)
{
	const struct plot_view *first = &views->steps[0];

	return plot_views_go(
		views, is_same(first, plot_views_current(views)) ? &views->whole : first, false);
}

struct plot_view plot_view_zoom_time(const struct plot_view *view, double at_ns, double factor)
{
	struct plot_view next = *view;

	next.from_ns = llround(at_ns - (at_ns - (double)view->from_ns) * factor);
	next.to_ns = llround(at_ns + ((double)view->to_ns - at_ns) * factor);
	return next;
}

struct plot_view plot_view_zoom_memory(const struct plot_view *view, double at_mib, double factor)
{
	struct plot_view next = *view;

	next.low_mib = fmax(at_mib - (at_mib - view->low_mib) * factor, 0);
	next.high_mib = at_mib + (view->high_mib - at_mib) * factor;
	return next;
}

struct plot_view plot_view_move(const struct plot_view *view, double by_ns, double by_mib)
{
	struct plot_view next = *view;

	next.from_ns = view->from_ns + llround(by_ns);
	next.to_ns = view->to_ns + llround(by_ns);
	if (view->has_memory) {
		next.low_mib += by_mib;
		next.high_mib += by_mib;
	}
	return next;
}
