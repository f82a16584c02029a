/* What is true of the layout of any plot_model, on pages of any shape. */
#ifndef TESTS_LAYOUT_CHECKS_H
#define TESTS_LAYOUT_CHECKS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plot/layout/plot_layout.h"
#include "plot/text/text.h"

static inline void assert_axes_fit(const struct plot_layout *at, const struct plot_model *model)
{
	assert_true(at->left > 0 && at->time_axis_y > 0 && at->bottom >= at->time_axis_y);
	assert_true(at->right > at->left + 60 && at->top > at->bottom + 20);
	assert_true(at->right < at->page.width && at->x_label_y > LABEL_PX / 2.0);
	assert_true(at->title_y + TITLE_PX < at->page.height);
	assert_true(at->title_y - TITLE_PX / 2.0 > at->top);
	assert_true(at->left + text_width_em(at->title) * TITLE_PX < at->page.width);
	for (size_t i = 0; i < model->curve_count; i++) {
		for (size_t k = 0; k < model->curves[i].count; k++) {
			double x = plot_layout_x(at, model, model->curves[i].points[k].x);
			double y = plot_layout_y(at, model, model->curves[i].points[k].y);
			assert_true(x >= at->left - 0.01 && x <= at->right + 0.01);
			assert_true(y >= at->bottom - 0.01 && y <= at->top + 0.01);
		}
	}
	for (size_t i = 0; i < model->bracket_count; i++) {
		const struct bracket_place *place = &at->brackets[i];
		double x = plot_layout_x(at, model, model->brackets[i].x);
		assert_true(place->x >= at->left && place->x <= at->right);
		assert_true(place->foot_x >= at->left && place->foot_x <= at->right);
		assert_true(place->low >= at->bottom && place->high <= at->top);
		assert_true(place->x > x - 25 && place->x < x + 25);
	}
	for (size_t i = 0; i < at->strip_count; i++) {
		double top = plot_layout_strip_top(at, i);
		assert_true(top < at->bottom &&
			    top - STRIP_PX + STRIP_GAP_PX >= at->time_axis_y - 0.01);
		assert_true(at->left + text_width_em(at->strip_texts[i]) * LANE_PX < at->right);
	}
}

/* Beside the axes or below them, all texts within its columns, no two texts the same. */
static inline void assert_legend_fits(const struct plot_layout *at)
{
	assert_true(at->legend_bottom > 0 && at->legend_left > 0);
	assert_true(at->legend_right < at->page.width);
	if (at->right < at->legend_left)
		assert_true(at->legend_top <= at->top);
	else
		assert_true(at->legend_top <= at->x_label_y - LABEL_PX / 2.0);
	for (size_t i = 0; i < at->legend_count; i++) {
		double text_px = text_width_em(at->legend_texts[i]) * LEGEND_PX;
		double x = plot_layout_row_x(at, i), y = plot_layout_row_y(at, i);
		assert_true(LEGEND_TEXT_LEFT_PX + text_px < at->column_width);
		assert_true(x + at->column_width <= at->legend_right + 0.01);
		assert_true(y - LEGEND_PX / 2.0 > at->legend_bottom);
		assert_true(y + LEGEND_PX / 2.0 < at->legend_top);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(at->legend_texts[i], at->legend_texts[k]);
	}
}

/* Nothing leaves the page, and nothing overlaps, on pages of any shape. */
static inline void assert_layout_fits(const struct plot_model *model)
{
	static const struct plot_page pages[] = {
		{ 0 },
		{ .width = 320, .height = 240 },
		{ .width = 3000, .height = 400 },
		{ .width = 500, .height = 1500, .font = "a wide one" },
	};

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct plot_layout at;
		assert_null(plot_layout_init(&at, model, &pages[i]));
		assert_axes_fit(&at, model);
		assert_legend_fits(&at);
		plot_layout_deinit(&at);
	}
}

#endif
