/* Unit tests of what a window knows without a display: its views, and what is pointed at. */
#include "tests/unit/plot_fixture.h"

#include <math.h>
#include <string.h>

#include "plot/layout/plot_hover.h"
#include "plot/layout/plot_layout.h"
#include "plot/window/plot_view.h"
#include "plot/window/window_input.h"
#include "plot/window/window_prompt.h"

static const int64_t S = 1000000000;

static void init_views(struct plot_views *views)
{
	const struct plot_view all = { .to_ns = 100 * S };

	plot_views_init(views, 100 * S, &all);
}

static void assert_times(const struct plot_views *views, int64_t from_ns, int64_t to_ns)
{
	assert_int_equal(plot_views_current(views)->from_ns, from_ns);
	assert_int_equal(plot_views_current(views)->to_ns, to_ns);
}

static void test_views_go_and_back(void **state)
{
	(void)state;
	struct plot_views views;

	init_views(&views);
	assert_true(plot_views_is_whole(&views));
	assert_false(plot_views_back(&views));
	assert_true(
		plot_views_go(&views, &(struct plot_view){ 10 * S, 20 * S, false, 0, 0 }, false));
	/* A step that replaces the one before it, as turns of a wheel do. */
	assert_true(
		plot_views_go(&views, &(struct plot_view){ 12 * S, 18 * S, false, 0, 0 }, true));
	assert_times(&views, 12 * S, 18 * S);
	assert_false(
		plot_views_go(&views, &(struct plot_view){ 12 * S, 18 * S, false, 3, 4 }, false));
	assert_true(plot_views_back(&views));
	assert_true(plot_views_is_whole(&views));
	/* The first view is never replaced. */
	assert_true(plot_views_go(&views, &(struct plot_view){ 1 * S, 2 * S, false, 0, 0 }, true));
	assert_true(plot_views_back(&views));
	assert_times(&views, 0, 100 * S);
}

static void test_views_stay_within(void **state)
{
	(void)state;
	struct plot_views views;

	init_views(&views);
	plot_views_go(&views, &(struct plot_view){ 95 * S, 105 * S, true, -5, 15 }, false);
	assert_times(&views, 90 * S, 100 * S);
	assert_true(plot_views_current(&views)->low_mib == 0 &&
		    plot_views_current(&views)->high_mib == 20);
	plot_views_go(&views, &(struct plot_view){ -300 * S, 500 * S, false, 0, 0 }, false);
	assert_true(plot_views_is_whole(&views));
	plot_views_go(&views, &(struct plot_view){ 50 * S, 50 * S + 10, true, 7, 7 }, false);
	assert_int_equal(plot_views_current(&views)->to_ns - plot_views_current(&views)->from_ns,
			 1000);
	assert_true(plot_views_current(&views)->high_mib > plot_views_current(&views)->low_mib);
}

static void test_views_reset(void **state)
{
	(void)state;
	struct plot_views views;
	const struct plot_view first = { 10 * S, 30 * S, false, 0, 0 };

	plot_views_init(&views, 100 * S, &first);
	plot_views_go(&views, &(struct plot_view){ 12 * S, 13 * S, true, 1, 2 }, false);
	assert_true(plot_views_reset(&views));
	assert_times(&views, 10 * S, 30 * S);
	assert_true(plot_views_reset(&views));
	assert_true(plot_views_is_whole(&views));
	assert_true(plot_views_back(&views));
	assert_true(plot_views_back(&views));
	assert_times(&views, 12 * S, 13 * S);
}

static void test_views_many_steps(void **state)
{
	(void)state;
	struct plot_views views;

	init_views(&views);
	for (int64_t i = 1; i <= 3 * PLOT_VIEW_STEPS; i++)
		assert_true(plot_views_go(
			&views, &(struct plot_view){ i * S / 10, 90 * S, false, 0, 0 }, false));
	for (int64_t i = 1; i < PLOT_VIEW_STEPS - 1; i++)
		assert_true(plot_views_back(&views));
	assert_times(&views, (2 * PLOT_VIEW_STEPS + 2) * S / 10, 90 * S);
	assert_true(plot_views_back(&views));
	assert_true(plot_views_is_whole(&views));
}

static void test_zoom_and_move(void **state)
{
	(void)state;
	const struct plot_view view = { 10 * S, 20 * S, true, 100, 200 };
	struct plot_view next = plot_view_zoom_time(&view, 12e9, 0.5);

	assert_int_equal(next.from_ns, 11 * S);
	assert_int_equal(next.to_ns, 16 * S);
	next = plot_view_zoom_memory(&view, 150, 2);
	assert_true(next.low_mib == 50 && next.high_mib == 250 && next.from_ns == 10 * S);
	next = plot_view_move(&view, -1e9, 5);
	assert_true(next.from_ns == 9 * S && next.to_ns == 19 * S && next.low_mib == 105);
}

struct page_fixture {
	struct profile profile;
	struct plot_model model;
	struct plot_layout layout;
};

static void make_page(struct page_fixture *page, const char *text,
		      const struct plot_options *options)
{
	const struct plot_page paper = { .width = 1000, .height = 600 };

	read_profile_text(&page->profile, text);
	make_model(&page->model, &page->profile, options);
	assert_null(plot_layout_init(&page->layout, &page->model, &paper));
}

static void free_page(struct page_fixture *page)
{
	plot_layout_deinit(&page->layout);
	plot_model_deinit(&page->model);
	profile_deinit(&page->profile);
}

static const char two_curves[] = "PROC 7 1 1000.0 ./a\n"
				 "MEM 100 1000\nMEM 100 1005\nMEM 100 1010\n"
				 "CHLD 8 20 1000\nCHLD 8 20 1010\n"
				 "FUNC ns::f(int) 100 1002 40 1008 0 7 7\n";

static void point_at(const struct page_fixture *page, struct plot_hover *hover, double time_s,
		     double mib, double dx, double dy)
{
	plot_hover_find(hover, &page->model, &page->layout,
			plot_layout_x(&page->layout, &page->model, time_s) + dx,
			plot_layout_y(&page->layout, &page->model, mib) + dy);
}

static void test_hover(void **state)
{
	(void)state;
	struct page_fixture page;
	struct plot_hover hover;

	make_page(&page, two_curves, &(struct plot_options){ 0 });
	point_at(&page, &hover, 2, 100, 2, 3);
	assert_true(hover.has_box);
	assert_non_null(strstr(hover.text, "ns::f(int)\n6.00 s from 2 s to 8 s"));
	assert_non_null(strstr(hover.text, "(-60.0 MiB)"));
	/* The nearest sample of the nearest curve, and whose it is. */
	point_at(&page, &hover, 4.4, 100, 0, -20);
	assert_true(hover.has_point && !hover.has_box);
	assert_string_equal(hover.text, "a, pid 7\n100.0 MiB at 5 s");
	point_at(&page, &hover, 9.9, 20, 0, 10);
	assert_string_equal(hover.text, "child 8\n20.0 MiB at 10 s");
	assert_true(hover.x == plot_layout_x(&page.layout, &page.model, 10));
	/* Far from all, and outside the frame, there is nothing. */
	point_at(&page, &hover, 1, 60, 0, 0);
	assert_true(hover.text[0] == '\0' && !hover.has_point);
	plot_hover_find(&hover, &page.model, &page.layout, page.layout.right + 5, 300);
	assert_true(hover.text[0] == '\0');
	free_page(&page);
}

static void test_hover_bars(void **state)
{
	(void)state;
	struct page_fixture page;
	struct plot_hover hover;

	make_page(&page, two_curves, &(struct plot_options){ .flame = true });
	double y = plot_layout_lane_top(&page.layout, &page.model, 0) - 4;
	plot_hover_find(&hover, &page.model, &page.layout,
			plot_layout_x(&page.layout, &page.model, 5), y);
	assert_non_null(strstr(hover.text, "ns::f(int)\n6.00 s"));
	plot_hover_find(&hover, &page.model, &page.layout,
			plot_layout_x(&page.layout, &page.model, 9), y);
	assert_true(hover.text[0] == '\0');
	free_page(&page);
}

/* Of a range of memory, what lies outside is not there to be pointed at. */
static void test_memory_range(void **state)
{
	(void)state;
	struct page_fixture page;
	struct plot_hover hover;

	make_page(
		&page, two_curves,
		&(struct plot_options){ .has_memory_range = true, .low_mib = 30, .high_mib = 50 });
	assert_true(page.model.y.min == 30 && page.model.y.max == 50);
	assert_int_equal(page.model.bracket_count, 1);
	assert_true(page.model.brackets[0].is_exit && !page.model.peak.is_shown);
	point_at(&page, &hover, 5, 49, 0, 0);
	assert_false(hover.has_point);
	assert_true(fabs(plot_layout_memory_mib(&page.layout, &page.model, page.layout.top) - 50) <
		    1e-9);
	assert_true(fabs(plot_layout_time_ns(&page.layout, &page.model, page.layout.left)) < 1);
	free_page(&page);
}

static void turn_wheel(struct window *window, uint64_t time_ms)
{
	const struct window_event turn = { .kind = WINDOW_PRESSED,
					   .button = WINDOW_WHEEL_UP,
					   .x = 500,
					   .y = 300,
					   .time_ms = time_ms };

	window_handle_event(window, &turn);
}

static void press_back(struct window *window)
{
	window_handle_event(window, &(struct window_event){ .kind = WINDOW_KEY, .text = "b" });
}

/* Turns that follow each other soon are one step to go back, by the X server's clock. */
static void test_wheel_steps(void **state)
{
	(void)state;
	static struct window window = { .scale = 1, .width = 1000, .height = 600 };
	struct page_fixture page;

	make_page(&page, two_curves, &(struct plot_options){ 0 });
	window.shown = (struct window_scene){ .is_there = true,
					      .model = page.model,
					      .layout = page.layout };
	init_views(&window.views);
	turn_wheel(&window, 5000);
	turn_wheel(&window, 5600);
	turn_wheel(&window, 6250);
	assert_false(plot_views_is_whole(&window.views));
	press_back(&window);
	assert_true(plot_views_is_whole(&window.views));
	/* One that comes late is a step of its own, and so is one behind something else. */
	turn_wheel(&window, 7000);
	turn_wheel(&window, 9000);
	press_back(&window);
	turn_wheel(&window, 9100);
	for (int steps = 0; steps < 2; steps++) {
		assert_false(plot_views_is_whole(&window.views));
		press_back(&window);
	}
	assert_true(plot_views_is_whole(&window.views));
	free_page(&page);
}

/* What is followed: views that reach to the end move along, the others stay. */
static void test_views_grow(void **state)
{
	(void)state;
	const int64_t s = 1000000000;
	struct plot_views views;
	plot_views_init(&views, 10 * s, &(struct plot_view){ .to_ns = 10 * s });
	plot_views_go(&views, &(struct plot_view){ .from_ns = 2 * s, .to_ns = 5 * s }, false);
	plot_views_go(&views, &(struct plot_view){ .from_ns = 6 * s, .to_ns = 10 * s }, false);
	plot_views_grow(&views, 13 * s);
	assert_int_equal(plot_views_current(&views)->from_ns, 9 * s);
	assert_int_equal(plot_views_current(&views)->to_ns, 13 * s);
	assert_true(plot_views_back(&views));
	assert_int_equal(plot_views_current(&views)->from_ns, 2 * s);
	assert_int_equal(plot_views_current(&views)->to_ns, 5 * s);
	assert_true(plot_views_back(&views));
	assert_true(plot_views_is_whole(&views));
	assert_int_equal(plot_views_current(&views)->to_ns, 13 * s);
	/* A shorter one is another recording. */
	plot_views_go(&views, &(struct plot_view){ .from_ns = 2 * s, .to_ns = 5 * s }, false);
	plot_views_grow(&views, 4 * s);
	assert_true(plot_views_is_whole(&views));
	assert_int_equal(plot_views_current(&views)->to_ns, 4 * s);
	assert_false(plot_views_back(&views));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_views_go_and_back), cmocka_unit_test(test_views_stay_within),
		cmocka_unit_test(test_views_reset),	  cmocka_unit_test(test_views_many_steps),
		cmocka_unit_test(test_zoom_and_move),	  cmocka_unit_test(test_hover),
		cmocka_unit_test(test_hover_bars),	  cmocka_unit_test(test_memory_range),
		cmocka_unit_test(test_wheel_steps),	  cmocka_unit_test(test_views_grow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
