/* Unit tests of plot/plot_flame: calls as bars in the lanes of their threads. */
#include "tests/unit/plot_fixture.h"

#include <math.h>
#include <string.h>

#include "plot/layout/plot_layout.h"
#include "plot/text/text.h"

static const struct plot_options FLAME = { .flame = true };

/* "label: row name x1..x2; …", a lane a line. Owned by the caller. */
static char *lanes_dump(const struct plot_model *model)
{
	char *text = NULL;
	size_t bytes = 0, bar = 0;
	FILE *out = open_memstream(&text, &bytes);

	assert_non_null(out);
	for (size_t i = 0; i < model->lane_count; i++) {
		const struct plot_lane *lane = &model->lanes[i];
		fprintf(out, "%s %zu+%zu:", lane->label, lane->first_row, lane->row_count);
		for (; bar < model->bar_count &&
		       model->bars[bar].row < lane->first_row + lane->row_count;
		     bar++)
			fprintf(out, " %zu %s %g..%g;", model->bars[bar].row, model->bars[bar].name,
				model->bars[bar].x1, model->bars[bar].x2);
		fprintf(out, "\n");
	}
	assert_int_equal(bar, model->bar_count);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void assert_lanes(const char *records, const struct plot_options *options,
			 const char *expected)
{
	struct profile profile;
	struct plot_model model;

	read_profile_text(&profile, records);
	make_model(&model, &profile, options);
	assert_int_equal(model.bracket_count, 0);
	assert_int_equal(model.strip_count, 0);
	char *dump = lanes_dump(&model);
	assert_string_equal(dump, expected);
	free(dump);
	plot_model_deinit(&model);
	profile_deinit(&profile);
}

static const char two_threads[] = "PROC 100 1 0 ./a\nMEM 10 0\nMEM 30 10\n"
				  "CHLD 101 5 1\nCHLD 101 5 9\n"
				  "FUNC inner 12 2 14 3 1 100 100\n"
				  "FUNC outer 12 1 14 4 0 100 100\n"
				  "FUNC outer 12 3 14 8 0 100 107\n"
				  "FUNC work 5 2 5 6 2 101 101\n"
				  "OPEN serve 5 7 0 101 101\n";

static void test_threads_and_levels(void **state)
{
	(void)state;
	assert_lanes(two_threads, &FLAME,
		     "pid 100 0+2: 0 outer 1..4; 1 inner 2..3;\n"
		     "thread 107 2+1: 2 outer 3..8;\n"
		     "pid 101 3+3: 5 work 2..6; 3 serve 7..10;\n");
}

static void test_window(void **state)
{
	(void)state;
	const struct plot_options options = { .flame = true,
					      .has_window = true,
					      .window_start_ns = 2500000000,
					      .window_end_ns = 3500000000 };
	assert_lanes(two_threads, &options,
		     "pid 100 0+2: 0 outer 2.5..3.5; 1 inner 2.5..3;\n"
		     "thread 107 2+1: 2 outer 3..3.5;\n"
		     "pid 101 3+3: 5 work 2.5..3.5;\n");
}

/* mprof's files have no thread, older ones no level: calls are stacked by their times. */
static void test_without_levels(void **state)
{
	(void)state;
	assert_lanes("MEM 1 0\nMEM 1 10\nFUNC b 1 2 1 3\nFUNC c 1 4 1 5\nFUNC a 1 1 1 6\n"
		     "FUNC d 1 6 1 7\n",
		     &FLAME, "calls 0+2: 0 a 1..6; 1 b 2..3; 1 c 4..5; 0 d 6..7;\n");
}

/* Calls on one level at one time (fibers share a thread): none hides another. */
static void test_overlapping(void **state)
{
	(void)state;
	assert_lanes("MEM 1 0\nMEM 1 10\nFUNC a 1 1 1 6 0 1 1\nFUNC b 1 2 1 7 0 1 1\n"
		     "FUNC c 1 3 1 8 0 1 1\nFUNC d 1 6 1 9 0 1 1\n",
		     &FLAME, "thread 1 0+3: 0 a 1..6; 1 b 2..7; 2 c 3..8; 0 d 6..9;\n");
}

static void test_condensed(void **state)
{
	(void)state;
	struct profile profile;
	struct plot_model model;

	read_profile_text(&profile, "PROC 1 0 0 x\nMEM 1 0\nMEM 1 10\nFUNC hot 1 1 1 2 0 1 1\n"
				    "MANY hot 1 2 4 70 0.5 0.001 0.02 0 9\n");
	make_model(&model, &profile, &FLAME);
	char *dump = lanes_dump(&model);
	assert_string_equal(dump, "pid 1 0+1: 0 hot 1..2;\ncondensed 1+1: 1 hot 2..4;\n");
	assert_true(fabs(model.bars[1].strength - 0.25) < 1e-9);
	assert_string_equal(model.bars[1].tip, "70 calls of hot\n500 ms in all, from 2 s to 4 s");
	assert_true(strncmp(model.bars[0].tip, "hot\n1.00 s from 1 s to 2 s\n", 26) == 0);
	free(dump);
	plot_model_deinit(&model);
	profile_deinit(&profile);
}

/* A hundred thousand calls: few bars, none over another, all time kept. */
static void test_many_calls(void **state)
{
	(void)state;
	struct profile profile;
	struct plot_model model;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	double covered = 0;

	fprintf(out, "MEM 1 0\nMEM 1 100\n");
	for (int i = 0; i < 100000; i++)
		fprintf(out, "FUNC f%d 1 %.4f 1 %.4f 0 1 1\n", i % 3, i * 0.001,
			i * 0.001 + 0.0005);
	assert_int_equal(fclose(out), 0);
	read_profile_text(&profile, text);
	make_model(&model, &profile, &FLAME);
	assert_in_range(model.bar_count, 1000, 2400);
	for (size_t i = 0; i < model.bar_count; i++) {
		const struct plot_bar *bar = &model.bars[i];
		assert_true(bar->x2 >= bar->x1);
		assert_true(i == 0 || bar->x1 >= model.bars[i - 1].x2);
		covered += (bar->x2 - bar->x1) * bar->strength;
	}
	assert_true(fabs(covered - 50) < 0.01);
	plot_model_deinit(&model);
	profile_deinit(&profile);
	free(text);
}

/* More threads than a page has room for, and deeper than it shows. */
static void test_too_many(void **state)
{
	(void)state;
	static const struct plot_page pages[] = { { 0 }, { .width = 800, .height = 300 } };
	struct profile profile;
	struct plot_model model;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	fprintf(out, "MEM 1 0\nMEM 1 100\n");
	for (int i = 0; i < 100; i++)
		fprintf(out, "FUNC f 1 %d 1 100 0 1 %d\nFUNC g 1 %d 1 99 %d 1 1\n", i, 2 + i, i / 2,
			i);
	assert_int_equal(fclose(out), 0);
	read_profile_text(&profile, text);
	make_model(&model, &profile, &FLAME);
	assert_int_equal(model.lane_row_count, 64);
	assert_int_equal(model.lane_count, 41); /* one with 24 rows, 40 with one */
	assert_int_equal(model.lanes_left_out, 60);
	assert_string_equal(model.legend[3].name, "\xe2\x80\xa6 and 60 more threads");
	assert_memory_equal(model.legend[4].name, "\xe2\x80\xa6 and 76 more calls", 21);
	for (size_t i = 0; i < 2; i++) {
		struct plot_layout at;
		assert_null(plot_layout_init(&at, &model, &pages[i]));
		assert_true(at.top > at.bottom + 40);
		for (size_t k = 0; k < at.lane_count; k++) {
			double top = plot_layout_lane_top(&at, &model, k);
			double rows = (double)model.lanes[k].row_count * at.lane_row_px;
			assert_true(top < at.bottom && top - rows >= at.time_axis_y - 0.01);
		}
		plot_layout_deinit(&at);
	}
	plot_model_deinit(&model);
	profile_deinit(&profile);
	free(text);
}

/* The left margin is the labels', too: a pid may have seven digits, and memory only one. */
static void test_labels_fit(void **state)
{
	(void)state;
	struct profile profile;
	struct plot_model model;
	struct plot_layout at;
	read_profile_text(&profile, "MEM 1 0\nMEM 1 100\nFUNC f 1 1 1 9 0 4194301 4194303\n");
	make_model(&model, &profile, &FLAME);
	assert_null(plot_layout_init(&at, &model, &(struct plot_page){ 0 }));
	assert_string_equal(model.lanes[0].label, "thread 4194303");
	assert_true(at.left - LANE_LABEL_GAP_PX - text_width_em(model.lanes[0].label) * LANE_PX >
		    8);
	plot_layout_deinit(&at);
	plot_model_deinit(&model);
	profile_deinit(&profile);
}

/* Two names that are one when shortened are told apart, whatever their figures are. */
static void test_shortened_names_differ(void **state)
{
	(void)state;
	static const struct plot_page page = { .width = 900 };
	struct profile profile;
	struct plot_model model;
	struct plot_layout at;
	char text[1024], middle[301];
	memset(middle, 'm', 300);
	middle[300] = '\0';
	snprintf(text, sizeof(text),
		 "MEM 1 0\nMEM 1 100\nFUNC f%s1%sg 1 1 1 9 0 7 7\nFUNC f%s2%sg 1 10 1 12 0 7 7\n",
		 middle + 150, middle + 150, middle + 150, middle + 150);
	read_profile_text(&profile, text);
	make_model(&model, &profile, &FLAME);
	assert_null(plot_layout_init(&at, &model, &page));
	assert_null(strstr(at.legend_texts[1], "(2)"));
	assert_non_null(strstr(at.legend_texts[2], " (2)  1 call  +0.0 MiB  2.00 s"));
	plot_layout_deinit(&at);
	plot_model_deinit(&model);
	profile_deinit(&profile);
}

/* Also where a page has room for the names, and for no figures behind them. */
static void test_same_names_on_narrow_pages(void **state)
{
	(void)state;
	struct profile profile;
	struct plot_model model;
	struct plot_layout at;
	read_profile_text(&profile, "PROC 5 1 1 x\nMEM 1 1\n"
				    "PROC 501 5 2 sleeper\nCHLD 501 1 2\nDONE 501 3 0\n"
				    "PROC 501 5 4 sleeper\nCHLD 501 1 4\nDONE 501 5 0\nMEM 1 6\n");
	make_model(&model, &profile, &FLAME);
	for (double width = 320; width < 760; width++) {
		const struct plot_page page = { .width = width, .height = 900 };
		assert_null(plot_layout_init(&at, &model, &page));
		assert_null(strstr(at.legend_texts[1], "(2)"));
		assert_non_null(strstr(at.legend_texts[2], "(2)"));
		plot_layout_deinit(&at);
	}
	plot_model_deinit(&model);
	profile_deinit(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads_and_levels),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_without_levels),
		cmocka_unit_test(test_overlapping),
		cmocka_unit_test(test_condensed),
		cmocka_unit_test(test_many_calls),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_labels_fit),
		cmocka_unit_test(test_shortened_names_differ),
		cmocka_unit_test(test_same_names_on_narrow_pages),
	};
	return cmocka_run_group_tests_name("plot_flame", tests, NULL, NULL);
}
