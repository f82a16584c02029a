/* What the pointer points at; see plot_hover.h. Plot layer. */
#include "plot/layout/plot_hover.h"

#include <math.h>
#include <stdio.h>

static const double NEAR_PX = 120; /* a curve further away is not what is pointed at */
static const double LOOK_PX = 24;  /* to either side */

struct search {
	struct plot_hover *hover;
	double x, y;
};

/* The last one that has the point lies on top. */
static void look_at_box(void *data, const struct plot_tip_box *box)
{
	const struct search *search = data;
	struct plot_hover *hover = search->hover;
	/* A bar may be narrower than a hand is steady. */
	double slack = fmax(2 - (box->right - box->left) / 2, 0);

	if (search->x < box->left - slack || search->x > box->right + slack ||
	    search->y < box->bottom || search->y > box->top)
		return;
	hover->has_box = true;
	hover->left = box->left;
	hover->right = box->right;
	hover->bottom = box->bottom;
	hover->top = box->top;
	snprintf(hover->text, sizeof(hover->text), "%s", box->text);
}

/* The distance of a point from the line between two others. */
static double distance_px(double x, double y, double x1, double y1, double x2, double y2)
{
	double dx = x2 - x1, dy = y2 - y1, length = dx * dx + dy * dy;
	double part = length > 0 ? ((x - x1) * dx + (y - y1) * dy) / length : 0;

	part = fmin(fmax(part, 0), 1);
	return hypot(x1 + part * dx - x, y1 + part * dy - y);
}

/* The first of the curve's points that is right of @x. */
static size_t first_right_of(const struct plot_curve *curve, double x)
{
	size_t low = 0, high = curve->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (curve->points[middle].x < x)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct nearest {
	double px;
	const struct plot_curve *curve;
	const struct plot_point *point;
};

/* Keeps in @best the sample at the nearer end of the curve's piece next to the pointer. */
static void look_at_curve(const struct search *search, const struct plot_model *model,
			  const struct plot_layout *layout, const struct plot_curve *curve,
			  struct nearest *best)
{
	double unit = (model->x.max - model->x.min) / (layout->right - layout->left);
	double x = model->x.min + (search->x - layout->left) * unit;
	size_t i = first_right_of(curve, x - LOOK_PX * unit);

	for (i -= i > 0; i < curve->count; i++) {
		const struct plot_point *from = &curve->points[i > 0 ? i - 1 : 0];
		const struct plot_point *to = &curve->points[i];
		if (from->x > x + LOOK_PX * unit)
			break;
		double x1 = plot_layout_x(layout, model, from->x);
		double y1 = plot_layout_y(layout, model, from->y);
		double x2 = plot_layout_x(layout, model, to->x);
		double y2 = plot_layout_y(layout, model, to->y);
		double px = distance_px(search->x, search->y, x1, y1, x2, y2);
		if (px >= best->px)
			continue;
		bool is_first = hypot(x1 - search->x, y1 - search->y) <
				hypot(x2 - search->x, y2 - search->y);
		*best = (struct nearest){ px, curve, is_first ? from : to };
	}
}

static void find_sample(const struct search *search, const struct plot_model *model,
			const struct plot_layout *layout)
{
	struct nearest best = { .px = NEAR_PX };
	struct plot_hover *hover = search->hover;
	char text[PLOT_TIP_BYTES];

	for (size_t i = 0; i < model->curve_count; i++)
		look_at_curve(search, model, layout, &model->curves[i], &best);
	if (best.curve == NULL || !axis_has(&model->y, best.point->y))
		return;
	hover->has_point = true;
	hover->x = plot_layout_x(layout, model, best.point->x);
	hover->y = plot_layout_y(layout, model, best.point->y);
	hover->color = best.curve->color;
	plot_tip_of_point(text, model, best.curve, best.point);
	plot_tip_add_layer(text, model, plot_layout_time_ns(layout, model, search->x),
			   plot_layout_memory_mib(layout, model, search->y));
	const struct stack_tip *stack =
		stack_tips_find(&model->peak_stacks, (int32_t)best.curve->process,
				llround(plot_layout_time_ns(layout, model, search->x)));
	snprintf(hover->text, sizeof(hover->text), "%s%s%s", text, stack != NULL ? "\n" : "",
		 stack != NULL ? stack->text : "");
}

void plot_hover_find(struct plot_hover *hover, const struct plot_model *model,
		     const struct plot_layout *layout, double x, double y)
{
	struct search search = { hover, x, y };

	*hover = (struct plot_hover){ .text = "" };
	plot_tips_visit(model, layout, look_at_box, &search);
	if (!hover->has_box && x >= layout->left && x <= layout->right && y >= layout->bottom &&
	    y <= layout->top)
		find_sample(&search, model, layout);
}
