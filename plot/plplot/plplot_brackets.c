/* Brackets with PLplot; see plplot_brackets.h. Plot layer. */
#include "plot/plplot/plplot_brackets.h"

#include <stddef.h>

#include <plplot/plplot.h>

#include "plot/model/palette.h"

static const double WIDTH = 2.2, OPEN_PART = 0.4; /* of the height, however small that is */

/* From 0 at the upright to 1 at the feet's ends, and from 0 in the middle to 1 at the upper end. */
struct spot {
	double across, up;
};

enum { SPOTS = 4 };

/* The upper half; the lower one is its mirror image. */
struct form {
	struct spot spots[SPOTS]; /* from the foot towards the middle */
	size_t count;
	double second_upright; /* where it stands; 0: there is none */
	double nib;	       /* how far the middle points outwards */
	bool is_turned;	       /* the lower foot points outwards */
};

static const struct form forms[PALETTE_DASHES] = {
	{ .spots = { { 1, 1 }, { 0, 1 } }, .count = 2 },
	{ .spots = { { 1, 1 }, { 0, 0 } }, .count = 2 },
	{ .spots = { { 1, 1 }, { 0, 1 } }, .count = 2, .second_upright = 0.5 },
	{ .spots = { { 1, 1 }, { 0.45, 0.88 }, { 0.1, 0.55 } }, .count = 3 },
	{ .spots = { { 1, 1 }, { 0, 1 } }, .count = 2, .nib = 0.7 },
	{ .spots = { { 1, 1 }, { 0, 1 } }, .count = 2, .is_turned = true },
};

/* Where a line to the middle from the last spot ends, so that it leaves the middle open. */
static struct spot open_end(const struct form *form)
{
	const struct spot *last = &form->spots[form->count - 1];
	const struct spot *from = last->up > 0 ? last : last - 1;

	return (struct spot){ from->across * OPEN_PART / from->up * (last->up > 0 ? 0 : 1),
			      OPEN_PART };
}

/* Appends the points of a half, from the foot on; @sign: 1 for the upper one, -1 for the lower one. */
static size_t add_half(const struct bracket_shape *shape, const struct form *form, double sign,
		       bool is_open, double *x, double *y)
{
	double foot = shape->foot_x - shape->x, middle = (shape->low + shape->high) / 2;
	double half = (shape->high - shape->low) / 2 * sign;
	double turned = form->is_turned && sign < 0 ? -1 : 1;
	size_t count = form->count - (is_open && form->spots[form->count - 1].up <= 0);

	for (size_t i = 0; i < count; i++) {
		x[i] = shape->x + form->spots[i].across * foot * turned;
		y[i] = middle + form->spots[i].up * half;
	}
	if (!is_open)
		return count;
	const struct spot end = open_end(form);
	x[count] = shape->x + end.across * foot;
	y[count] = middle + end.up * half;
	return count + 1;
}

/* One line from foot to foot, or two that leave the middle open. */
static void draw_outline(const struct bracket_shape *shape, const struct form *form)
{
	double x[2 * SPOTS + 2], y[2 * SPOTS + 2], lower_x[SPOTS + 1], lower_y[SPOTS + 1];
	size_t upper = add_half(shape, form, 1, shape->is_held, x, y);
	size_t lower = add_half(shape, form, -1, shape->is_held, lower_x, lower_y);

	if (shape->is_held) {
		plline((int)upper, x, y);
		plline((int)lower, lower_x, lower_y);
		return;
	}
	/* Both end in the middle, where that is a spot. */
	lower -= form->spots[form->count - 1].up <= 0;
	while (lower-- > 0) {
		x[upper] = lower_x[lower];
		y[upper++] = lower_y[lower];
	}
	plline((int)upper, x, y);
}

void draw_bracket(const struct bracket_shape *shape)
{
	const struct form *form = &forms[shape->form];
	double middle = (shape->low + shape->high) / 2;
	double open = shape->is_held ? (shape->high - shape->low) / 2 * OPEN_PART : 0;
	double second = shape->x + form->second_upright * (shape->foot_x - shape->x);

	draw_outline(shape, form);
	if (form->second_upright > 0) {
		draw_line(second, shape->high, second, middle + open);
		draw_line(second, shape->low, second, middle - open);
	}
	if (form->nib > 0)
		draw_line(shape->x, middle, shape->x - form->nib * (shape->foot_x - shape->x),
			  middle);
}

void draw_brackets(const struct page *page)
{
	for (size_t i = 0; i < page->model->bracket_count; i++) {
		const struct plot_bracket *bracket = &page->model->brackets[i];
		const struct bracket_place *place = &page->layout->brackets[i];
		draw_pen(page, bracket->color, WIDTH);
		draw_bracket(&(struct bracket_shape){
			.x = place->x,
			.foot_x = place->foot_x,
			.low = place->low,
			.high = place->high,
			.is_held = bracket->is_held,
			.form = bracket->form,
		});
	}
}
