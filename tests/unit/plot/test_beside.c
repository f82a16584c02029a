/* Unit tests of plot/parts/beside: what was recorded beside memory. */
#include "tests/unit/plot_fixture.h"
#include "tests/unit/near.h"

#include <string.h>

#include "plot/layout/plot_layout.h"
#include "plot/parts/beside.h"

static const int64_t S = 1000000000;

/* 480 s, so that a cell is a second long; then what a child has is added. */
static const char text[] = "PROC 1 0 0 prog\nMEM 1 0\nWITH 1 cpu 5 0\nWITH 1 threads 1 0\n"
			   "WITH 1 cpu 5 10\nWITH 1 cpu 7 14\nWITH 1 threads 3 12.5\n"
			   "WITH 1 as-limit 64 3\nWITH 1 data-limit 32 3\nWITH 1 data-limit 0 4\n"
			   "PROC 2 1 20 child\nCHLD 2 1 20\nWITH 2 cpu 0 20\nWITH 2 cpu 3 22\n"
			   "WITH 2 threads 4 20\nDONE 2 24 0\n"
			   "WITH 1 cpu 7 20\nWITH 1 cpu 8 21\nMEM 1 480\n";

static void test_rates(void **state)
{
	struct profile profile;
	struct beside *all;
	size_t count;

	(void)state;
	read_profile_text(&profile, text);
	assert_null(beside_create(&profile, 0, 480 * S, &all, &count));
	assert_int_equal(count, 2);
	assert_int_equal(all[0].kind, WITH_CPU);
	assert_int_equal(all[0].processes, 2);
	assert_near(all[0].cells[9], 0);
	assert_near(all[0].cells[10], 50);
	assert_near(all[0].cells[13], 50);
	assert_near(all[0].cells[14], 0);
	assert_near(all[0].cells[20], 250); /* both */
	assert_near(all[0].cells[21], 150);
	assert_near(all[0].cells[22], 0);
	assert_near(all[0].most, 250);
	assert_near(all[0].mean, 6.0 / 480 * 100);
	assert_near(beside_total(&profile, WITH_CPU, 0, 480 * S), 6);
	assert_near(beside_total(&profile, WITH_CPU, 12 * S, 21 * S), 1 + 1 + 1.5);

	assert_int_equal(all[1].kind, WITH_THREADS);
	assert_near(all[1].cells[11], 1);
	assert_near(all[1].cells[12], 2); /* half of the time 1, then 3 */
	assert_near(all[1].cells[20], 7);
	assert_near(all[1].cells[24], 3); /* the child has ended */
	char words[BESIDE_TEXT_BYTES];
	beside_format_name(&all[0], words);
	assert_string_equal(words, "CPU, all 2 processes");
	beside_format_figures(&all[0], words);
	assert_string_equal(words, "  mean 1.2 %, most 250 %");
	free(all);
	assert_near(beside_limit_mib(&profile, WITH_AS_LIMIT), 64);
	assert_near(beside_limit_mib(&profile, WITH_DATA_LIMIT), -1);
	assert_near(beside_limit_mib(&profile, WITH_CGROUP_LIMIT), -1);
	profile_deinit(&profile);
}

/* Part of the time, shorter than what is between two points. */
static void test_window(void **state)
{
	struct profile profile;
	struct beside *all;
	size_t count;

	(void)state;
	read_profile_text(&profile, text);
	assert_null(beside_create(&profile, 11 * S, 12 * S, &all, &count));
	assert_near(all[0].cells[0], 50);
	assert_near(all[0].cells[BESIDE_CELLS - 1], 50);
	free(all);
	assert_null(beside_create(&profile, 470 * S, 480 * S, &all, &count));
	assert_near(all[0].most, 0);
	free(all);
	profile_deinit(&profile);
}

/* A near limit is on the page, a far one in the legend only; panes stand below the curve, and what is below them. */
static void test_page(void **state)
{
	static const struct plot_page page = { .dpi = 90, .width = 800, .height = 600 };
	struct profile profile;
	struct plot_model model;
	struct plot_layout layout;

	(void)state;
	read_profile_text(&profile, "PROC 1 0 0 prog\nMEM 50 0\nMEM 50 10\nWITH 1 as-limit 64 0\n"
				    "WITH 1 data-limit 4000 0\nWITH 1 cpu 0 0\nWITH 1 cpu 9 9\n"
				    "WITH 1 threads 2 0\n");
	make_model(&model, &profile, &(struct plot_options){ 0 });
	assert_int_equal(model.limit_count, 2);
	assert_true(axis_has(&model.y, model.limits[0].y));
	assert_false(axis_has(&model.y, model.limits[1].y));
	assert_int_equal(model.beside_count, 2);
	assert_null(plot_layout_init(&layout, &model, &page));
	assert_int_equal(layout.beside_count, 2);
	assert_true(plot_layout_beside_top(&layout, 0) < layout.bottom);
	assert_true(plot_layout_beside_top(&layout, 1) - BESIDE_PX + BESIDE_GAP_PX >=
		    layout.time_axis_y - 0.01);
	plot_layout_deinit(&layout);
	plot_model_deinit(&model);
	profile_deinit(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
