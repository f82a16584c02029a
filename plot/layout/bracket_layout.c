/*
 * Brackets on the page, set apart where they would hide each other; see bracket_layout.h. Plot layer.
 *
 * Of calls entered in one place the innermost keeps its true position and the outer ones stand a
 * little to the left, in their order; ends likewise to the right. No bracket moves by more than a
 * few pixels: beyond that a place that is not true is worse than an overlap.
 */
#include "plot/layout/bracket_layout.h"

#include <math.h>
#include <stdlib.h>

static const double HALF_HEIGHT = 12, LEAST_HALF_HEIGHT = 5;
static const double APART = 4, MOST_MOVED = 20, SHORT_CALL = 6;

/* What a bracket is, beside its place. */
struct spot {
	size_t index;
	double true_x, y;
	bool is_exit;
};

static bool are_level(const struct plot_layout *at, const struct spot *a, const struct spot *b)
{
	return fabs(a->y - b->y) < 2 * at->bracket_half_px;
}

static int spot_compare(const void *a, const void *b)
{
	const struct spot *one = a, *other = b;

	if (one->is_exit != other->is_exit)
		return one->is_exit ? 1 : -1;
	/* Entries from the right to the left: the innermost first. Ends from the left. */
	double order = one->is_exit ? one->true_x - other->true_x : other->true_x - one->true_x;
	if (order != 0)
		return order < 0 ? -1 : 1;
	return one->index < other->index ? -1 : one->index > other->index;
}

static bool is_pair(const struct plot_model *model, size_t entry)
{
	return entry + 1 < model->bracket_count &&
	       model->brackets[entry].call == model->brackets[entry + 1].call;
}

/* A little box for a call shorter than its brackets are wide. */
static void spread_pair(struct bracket_place *in, struct bracket_place *out)
{
	double lacking = SHORT_CALL - (out->x - in->x);

	if (lacking > 0) {
		in->x -= lacking / 2;
		out->x += lacking / 2;
	}
}

/* Feet that do not run into each other. */
static void shorten_feet(struct bracket_place *in, struct bracket_place *out)
{
	double foot = fmin(BRACKET_FOOT_PX, fmax((out->x - in->x) / 2 - 1.5, 0.5));

	in->foot_x = in->x + foot;
	out->foot_x = out->x - foot;
}

static void move(struct bracket_place *place, double by)
{
	place->x += by;
	place->foot_x += by;
}

/* Sets @spots[@i] apart from those of its kind before it, which keep their places. */
static void set_apart(const struct plot_layout *at, const struct spot *spots, size_t first,
		      size_t i)
{
	struct bracket_place *places = at->brackets;
	struct bracket_place *place = &places[spots[i].index];
	double step = spots[i].is_exit ? APART : -APART, start = place->x;

	/* Sorted: a bracket whose true place is far away cannot have been moved here. */
	for (size_t k = i; k-- > first;) {
		if (fabs(spots[k].true_x - spots[i].true_x) > MOST_MOVED + 2 * APART)
			break;
		double distance = (place->x - places[spots[k].index].x) * (step > 0 ? 1 : -1);
		if (!are_level(at, &spots[i], &spots[k]) || distance >= APART)
			continue;
		if (fabs(places[spots[k].index].x + step - start) > MOST_MOVED)
			return;
		move(place, places[spots[k].index].x + step - place->x);
	}
}

/* `][` of two calls: half a line's width to either side. @entries end where exits begin. */
static void part_neighbours(const struct plot_layout *at, const struct spot *spots, size_t entries,
			    size_t count)
{
	struct bracket_place *places = at->brackets;
	static const double line = 3;
	size_t k = entries;

	for (size_t i = entries; i-- > 0;) {
		while (k < count && spots[k].true_x < spots[i].true_x - line)
			k++;
		for (size_t n = k; n < count && spots[n].true_x <= spots[i].true_x; n++) {
			double overlap = line - (spots[i].true_x - spots[n].true_x);
			if (!are_level(at, &spots[i], &spots[n]))
				continue;
			move(&places[spots[i].index], overlap / 2);
			move(&places[spots[n].index], -overlap / 2);
			break;
		}
	}
}

/* Within the frame: a bracket near an edge is smaller, never cut open. */
static void keep_within(const struct plot_layout *at, struct bracket_place *place)
{
	place->x = layout_clamp(place->x, at->left, at->right);
	place->foot_x = layout_clamp(place->foot_x, at->left, at->right);
	place->low = layout_clamp(place->low, at->bottom, at->top);
	place->high = layout_clamp(place->high, at->bottom, at->top);
}

struct error *brackets_place(struct plot_layout *layout, const struct plot_model *model)
{
	size_t count = model->bracket_count, entries = 0;
	struct spot *spots = calloc(count + 1, sizeof(*spots));

	/* On a low page lower ones, or they hide the curve. */
	layout->bracket_half_px =
		fmin(fmax((layout->top - layout->bottom) / 18, LEAST_HALF_HEIGHT), HALF_HEIGHT);
	layout->brackets = calloc(count + 1, sizeof(*layout->brackets));
	if (spots == NULL || layout->brackets == NULL) {
		free(spots);
		return error_no_memory();
	}
	for (size_t i = 0; i < count; i++) {
		const struct plot_bracket *bracket = &model->brackets[i];
		double x = plot_layout_x(layout, model, bracket->x);
		double y = plot_layout_y(layout, model, bracket->y);
		spots[i] = (struct spot){ i, x, y, bracket->is_exit };
		layout->brackets[i] = (struct bracket_place){
			.x = x,
			.foot_x = bracket->is_exit ? x - BRACKET_FOOT_PX : x + BRACKET_FOOT_PX,
			.low = y - layout->bracket_half_px,
			.high = y + layout->bracket_half_px,
		};
		entries += !bracket->is_exit;
	}
	for (size_t i = 0; i < count; i++) {
		if (is_pair(model, i))
			spread_pair(&layout->brackets[i], &layout->brackets[i + 1]);
	}
	qsort(spots, count, sizeof(*spots), spot_compare);
	part_neighbours(layout, spots, entries, count);
	for (size_t i = 0; i < count; i++)
		set_apart(layout, spots, i < entries ? 0 : entries, i);
	for (size_t i = 0; i < count; i++) {
		if (is_pair(model, i)) {
			spread_pair(&layout->brackets[i], &layout->brackets[i + 1]);
			shorten_feet(&layout->brackets[i], &layout->brackets[i + 1]);
		}
	}
	for (size_t i = 0; i < count; i++)
		keep_within(layout, &layout->brackets[i]);
	free(spots);
	return NULL;
}
