/* What is where on a page, in words; see plot_tips.h. Plot layer. */
#include "plot/layout/plot_tips.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plot/text/text.h"

struct visit {
	const struct plot_model *model;
	const struct plot_layout *layout;
	void (*visit)(void *data, const struct plot_tip_box *box);
	void *data;
};

void plot_tip_of_point(char text[static PLOT_TIP_BYTES], const struct plot_model *model,
		       const struct plot_curve *curve, const struct plot_point *point)
{
	char memory[TEXT_FIGURE_BYTES], time[AXIS_LABEL_BYTES];

	text_format_memory(memory, point->y * model->y.per_unit);
	axis_format_moment(&model->x, (int64_t)(point->x * model->x.per_unit), time);
	snprintf(text, PLOT_TIP_BYTES, "%.400s\n%s at %s", curve->name, memory, time);
}

void plot_tip_add_layer(char text[static PLOT_TIP_BYTES], const struct plot_model *model,
			double time_ns, double mib)
{
	const struct part_stack *stack = &model->stack;
	char memory[TEXT_FIGURE_BYTES];
	double layer_mib;
	const size_t layer =
		part_stack_find(stack, model->stack_zero_ns + llround(time_ns), mib, &layer_mib);
	const size_t used = strlen(text);

	if (layer == SIZE_MAX)
		return;
	text_format_memory(memory, layer_mib);
	snprintf(text + used, PLOT_TIP_BYTES - used, "\nhere: %.100s %s",
		 stack->layers[layer].title, memory);
}

static void visit_strip(const struct visit *visit, size_t index)
{
	const struct plot_strip *strip = &visit->model->strips[index];
	const struct plot_layout *at = visit->layout;
	double width = (at->right - at->left) / PLOT_STRIP_CELLS;
	double top = plot_layout_strip_top(at, index);

	for (size_t i = 0; i < PLOT_STRIP_CELLS; i++) {
		const struct plot_strip_cell *cell = &strip->cells[i];
		char rate[TEXT_FIGURE_BYTES], text[PLOT_TIP_BYTES];
		if (cell->calls_per_s <= 0 && cell->busy <= 0)
			continue;
		text_format_count(rate, cell->calls_per_s);
		snprintf(text, sizeof(text), "%.300s\n%s calls/s, %.0f %% of the time, %+.3g MiB",
			 strip->name, rate, cell->busy * 100, cell->gained_mib);
		double left = at->left + (double)i * width;
		visit->visit(visit->data, &(struct plot_tip_box){
						  .left = left,
						  .bottom = top - STRIP_PX + STRIP_GAP_PX,
						  .right = left + width,
						  .top = top - STRIP_TEXT_PX,
						  .text = text,
					  });
	}
}

/* Cells that are empty, and neighbours that are alike, are many. */
static void visit_beside(const struct visit *visit, size_t index)
{
	const struct beside *beside = &visit->model->beside[index];
	const struct plot_layout *at = visit->layout;
	const double width = (at->right - at->left) / BESIDE_CELLS;
	const double top = plot_layout_beside_top(at, index);

	for (size_t i = 0, end; i < BESIDE_CELLS; i = end) {
		char name[BESIDE_TEXT_BYTES], value[BESIDE_TEXT_BYTES];
		char text[2 * BESIDE_TEXT_BYTES];
		for (end = i + 1; end < BESIDE_CELLS && beside->cells[end] == beside->cells[i];)
			end++;
		if (beside->cells[i] <= 0)
			continue;
		beside_format_name(beside, name);
		beside_format_value(beside->kind, beside->cells[i], value);
		snprintf(text, sizeof(text), "%s\n%s", name, value);
		visit->visit(visit->data, &(struct plot_tip_box){
						  .left = at->left + (double)i * width,
						  .bottom = top - BESIDE_PX + BESIDE_GAP_PX,
						  .right = at->left + (double)end * width,
						  .top = top - BESIDE_TEXT_PX,
						  .text = text,
					  });
	}
}

static void visit_lanes(const struct visit *visit)
{
	const struct plot_layout *at = visit->layout;
	const struct plot_model *model = visit->model;
	size_t bar = 0;

	for (size_t i = 0; i < at->lane_count; i++) {
		const struct plot_lane *lane = &model->lanes[i];
		double lane_top = plot_layout_lane_top(at, model, i);
		for (; bar < model->bar_count &&
		       model->bars[bar].row < lane->first_row + lane->row_count;
		     bar++) {
			const struct plot_bar *b = &model->bars[bar];
			double top =
				lane_top - (double)(b->row - lane->first_row) * at->lane_row_px;
			visit->visit(visit->data, &(struct plot_tip_box){
							  .left = plot_layout_x(at, model, b->x1),
							  .bottom = top - at->lane_row_px,
							  .right = plot_layout_x(at, model, b->x2),
							  .top = top,
							  .text = b->tip,
						  });
		}
	}
}

static void visit_brackets(const struct visit *visit)
{
	static const double reach = 3;

	for (size_t i = 0; i < visit->model->bracket_count; i++) {
		const struct bracket_place *place = &visit->layout->brackets[i];
		visit->visit(
			visit->data,
			&(struct plot_tip_box){
				.left = fmin(place->x, place->foot_x) - reach,
				.bottom = place->low,
				.right = fmax(place->x, place->foot_x) + reach,
				.top = place->high,
				.text = visit->model->calls[visit->model->brackets[i].call].tip,
			});
	}
}

void plot_tips_visit(const struct plot_model *model, const struct plot_layout *layout,
		     void (*visit)(void *data, const struct plot_tip_box *box), void *data)
{
	const struct visit all = { model, layout, visit, data };

	for (size_t i = 0; i < layout->beside_count; i++)
		visit_beside(&all, i);
	for (size_t i = 0; i < layout->strip_count; i++)
		visit_strip(&all, i);
	visit_lanes(&all);
	visit_brackets(&all);
}
