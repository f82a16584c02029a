/* Unit tests of plot/plot_model and plot_layout: small profiles, and all that is drawn of them. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "plot/model/plot_build.h"
#include "plot/records/profile_reader.h"
#include "tests/unit/layout_checks.h"
#include "tests/unit/scratch_file.h"

static int set_up(void **state)
{
	setenv("TZ", "UTC0", 1);
	return make_file(state);
}

static void read_text(struct profile *profile, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	struct error *err = profile_read(profile, path);
	if (err != NULL)
		fail_msg("%s", error_message(err));
}

/* The whole model as text, one thing a line. Owned by the caller. */
static char *model_dump(const struct plot_model *model)
{
	static const char *const keys[] = { "main",  "child", "bracket",    "held",
					    "bar",   "tick",  "area",	    "band",
					    "limit", "peak",  "other peak", "none" };
	char *text = NULL;
	size_t bytes = 0;
	FILE *out = open_memstream(&text, &bytes);

	assert_non_null(out);
	fprintf(out, "title %s\n", model->title);
	fprintf(out, "x %g..%g %s, %zu ticks of %g\n", model->x.min, model->x.max, model->x_label,
		model->x.tick_count, model->x.step);
	fprintf(out, "y %g..%g %s, %zu ticks of %g\n", model->y.min, model->y.max, model->y_label,
		model->y.tick_count, model->y.step);
	for (size_t i = 0; i < model->curve_count; i++) {
		const struct plot_curve *curve = &model->curves[i];
		fprintf(out, "curve %d%s%s", curve->color, curve->is_child ? " child" : "",
			curve->is_filled ? " filled" : "");
		for (size_t k = 0; k < curve->count; k++)
			fprintf(out, " %g,%g", curve->points[k].x, curve->points[k].y);
		fprintf(out, "\n");
	}
	for (size_t i = 0; i < model->bracket_count; i++) {
		const struct plot_bracket *bracket = &model->brackets[i];
		fprintf(out, "%c %d %g,%g\n", bracket->is_exit ? ']' : '[', bracket->color,
			bracket->x, bracket->y);
	}
	for (size_t i = 0; i < model->strip_count; i++)
		fprintf(out, "strip %d %s|%s\n", model->strips[i].color, model->strips[i].name,
			model->strips[i].detail);
	if (model->peak.is_shown)
		fprintf(out, "peak %g,%g\n", model->peak.x, model->peak.y);
	if (model->other_peak.is_shown)
		fprintf(out, "other peak %g,%g\n", model->other_peak.x, model->other_peak.y);
	for (size_t i = 0; i < model->legend_count; i++)
		fprintf(out, "legend %s %d %s|%s\n", keys[model->legend[i].key],
			model->legend[i].color, model->legend[i].name, model->legend[i].detail);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void assert_model(const char *profile_text, const struct plot_options *options,
			 const char *expected)
{
	struct profile profile;
	struct plot_model model;

	read_text(&profile, profile_text);
	struct error *err = plot_build(&model, &profile, 1, options);
	if (err != NULL)
		fail_msg("%s", error_message(err));
	char *dump = model_dump(&model);
	assert_string_equal(dump, expected);
	assert_layout_fits(&model);
	free(dump);
	plot_model_deinit(&model);
	profile_deinit(&profile);
}

static const char whole[] = "CMDLINE ./a --tag #1\n"
			    "METRIC rss\n"
			    "PROC 100 1 1795310486 ./a --tag #1\n"
			    "MEM 10 1795310486\n"
			    "PROC 101 100 1795310487 ./a --tag #1\n"
			    "EXEC 101 1795310487 '/usr/lib/my tools/cc1' -quiet x.c\n"
			    "CHLD 101 4 1795310487\n"
			    "FUNC parse 20 1795310488 30 1795310489 0 100 100\n"
			    "MEM 30 1795310489\n"
			    "FUNC parse 30 1795310490 35 1795310490.5 0 100 100\n"
			    "CHLD 101 8 1795310491\n"
			    "OPEN serve(int,\xc2\xa0int) 12 1795310486.5 0 100 100\n"
			    "MEM 25 1795310496\n"
			    "PEAK 100 40 1795310496\n";

static void test_whole_model(void **state)
{
	(void)state;
	const struct plot_options options = { 0 };
	assert_model(whole, &options,
		     "title ./a --tag #1\n"
		     "x 0..10 time (s) from 2026-11-22 01:21:26, 6 ticks of 2\n"
		     "y 0..43.2 memory used (MiB, RSS), 9 ticks of 5\n"
		     "curve 4 filled 0,10 0.5,12 2,20 3,30 4,30 4.5,35 10,25\n"
		     "curve 8 child 1,4 5,8\n"
		     "[ 9 0.5,12\n"
		     "[ 10 2,20\n"
		     "] 10 3,30\n"
		     "[ 10 4,30\n"
		     "] 10 4.5,35\n"
		     "peak 4.5,40\n"
		     "other peak 5,8\n"
		     "legend main 4 a, pid 100|  peak 40.0 MiB\n"
		     "legend child 8 child 101 (cc1)|  peak 8.0 MiB\n"
		     "legend bracket 9 serve(int, int)|  1 call  +13.0 MiB  9.50 s  still open\n"
		     "legend bracket 10 parse|  2 calls  +15.0 MiB  1.50 s\n"
		     "legend peak 6 peak of a, pid 100|  40.0 MiB, highest sample at 4.50 s\n"
		     "legend other peak 6 peak of child 101 (cc1)|  8.0 MiB at 5.00 s\n");
}

static void test_no_brackets_and_title(void **state)
{
	(void)state;
	const struct plot_options options = { .no_brackets = true, .title = "a\nb" };
	assert_model(whole, &options,
		     "title a b\n"
		     "x 0..10 time (s) from 2026-11-22 01:21:26, 6 ticks of 2\n"
		     "y 0..43.2 memory used (MiB, RSS), 9 ticks of 5\n"
		     "curve 4 filled 0,10 0.5,12 2,20 3,30 4,30 4.5,35 10,25\n"
		     "curve 8 child 1,4 5,8\n"
		     "peak 4.5,40\n"
		     "other peak 5,8\n"
		     "legend main 4 a, pid 100|  peak 40.0 MiB\n"
		     "legend child 8 child 101 (cc1)|  peak 8.0 MiB\n"
		     "legend peak 6 peak of a, pid 100|  40.0 MiB, highest sample at 4.50 s\n"
		     "legend other peak 6 peak of child 101 (cc1)|  8.0 MiB at 5.00 s\n");
}

/* The peaks are those of what is seen: the kernel's may have been at another time. */
static void test_window(void **state)
{
	(void)state;
	const struct plot_options options = { .has_window = true,
					      .window_start_ns = 2500000000,
					      .window_end_ns = 4250000000 };
	assert_model(whole, &options,
		     "title ./a --tag #1\n"
		     "x 2.5..4.25 time (s) from 2026-11-22 01:21:26, 4 ticks of 0.5\n"
		     "y 0..35.1 memory used (MiB, RSS), 8 ticks of 5\n"
		     "curve 4 filled 2.5,25 3,30 4,30 4.25,32.5\n"
		     "curve 8 child 2.5,5.5 4.25,7.25\n"
		     "] 10 3,30\n"
		     "[ 10 4,30\n"
		     "peak 4.25,32.5\n"
		     "other peak 4.25,7.25\n"
		     "legend main 4 a, pid 100|  peak 32.5 MiB\n"
		     "legend child 8 child 101 (cc1)|  peak 7.2 MiB\n"
		     "legend bracket 9 serve(int, int)|  1 call  +13.0 MiB  9.50 s  still open\n"
		     "legend bracket 10 parse|  2 calls  +15.0 MiB  1.50 s\n"
		     "legend peak 6 peak of a, pid 100|  32.5 MiB at 4.25 s\n"
		     "legend other peak 6 peak of child 101 (cc1)|  7.2 MiB at 4.25 s\n");
}

static void test_window_without_data(void **state)
{
	(void)state;
	const struct plot_options options = { .has_window = true,
					      .window_start_ns = 50000000000,
					      .window_end_ns = 60000000000 };
	struct profile profile;
	struct plot_model model;
	read_text(&profile, whole);
	struct error *err = plot_build(&model, &profile, 1, &options);
	assert_non_null(err);
	assert_non_null(strstr(error_message(err), "between 50 and 60 s"));
	error_free(err);
	profile_deinit(&profile);
}

/* Ranges of no size: one sample; constant memory; none at all; all samples at one time. */
static void test_ranges_of_no_size(void **state)
{
	(void)state;
	const struct plot_options options = { 0 };
	assert_model("MEM 12.5 1795310486.5\n", &options,
		     "title \nx 0..1 time (ms) from 2026-11-22 01:21:26, 6 ticks of 0.2\n"
		     "y 0..13.5 memory used (MiB), 7 ticks of 2\n"
		     "curve 4 filled 0,12.5\npeak 0,12.5\n"
		     "legend main 4 memory|  peak 12.5 MiB\n"
		     "legend peak 6 peak| 12.5 MiB at 0 s\n");
	assert_model("MEM 0 1\nMEM 0 2\n", &options,
		     "title \nx 0..1 time (s), 6 ticks of 0.2\n"
		     "y 0..1 memory used (KiB), 6 ticks of 0.2\n"
		     "curve 4 filled 0,0 1,0\npeak 0,0\n"
		     "legend main 4 memory|  peak 0.0 MiB\nlegend peak 6 peak| 0.0 MiB at 0 s\n");
	assert_model("MEM 8 1\nMEM 8192 1\nMEM 16384 1\n", &options,
		     "title \nx 0..1 time (ms), 6 ticks of 0.2\n"
		     "y 0..17.28 memory used (GiB), 9 ticks of 2\n"
		     "curve 4 filled 0,0.0078125 0,16\npeak 0,16\n"
		     "legend main 4 memory|  peak 16.00 GiB\n"
		     "legend peak 6 peak| 16.00 GiB at 0 s\n");
}

/* A sum over processes: a call's own memory is no point of the curve; it was no less than VmHWM of one of them. */
static void test_tree(void **state)
{
	(void)state;
	const struct plot_options options = { 0 };
	assert_model("METRIC rss tree\nPROC 5 1 1 x\nMEM 10 1\nFUNC f 3 2 4 3 0 5 5\n"
		     "MEM 20 5\nPEAK 5 50 5\n",
		     &options,
		     "title \nx 0..4 time (s), 9 ticks of 0.5\n"
		     "y 0..54 memory used (MiB, sum of RSS), 6 ticks of 10\n"
		     "curve 4 filled 0,10 4,20\n[ 8 1,3\n] 8 2,4\npeak 4,50\n"
		     "legend main 4 x, pid 5 and its children|  peak 50.0 MiB\n"
		     "legend none 1 shared pages count once for each process|\n"
		     "legend bracket 8 f|  1 call  +1.0 MiB  1.00 s\nlegend peak 6 peak| 50.0 MiB, "
		     "highest sample at 4.00 s\n");
}

/* Many calls: the longest of each function are drawn, all are counted. */
static void test_bracket_limit(void **state)
{
	(void)state;
	enum { CALLS = 1000 };
	struct profile profile;
	struct plot_model model;
	const struct plot_options options = { 0 };
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	fprintf(out, "MEM 1 0\nMEM 2 3000\n");
	for (int i = 0; i < CALLS; i++)
		fprintf(out, "FUNC f%d 1 %d 1 %d.%03d 0 0 1\n", i % 2, i, i, i);
	assert_int_equal(fclose(out), 0);
	read_text(&profile, text);
	assert_null(plot_build(&model, &profile, 1, &options));
	assert_int_equal(model.bracket_count, 2 * 2 * 4);
	for (size_t i = 0; i < model.bracket_count; i++)
		assert_true(model.brackets[i].x * model.x.per_unit >= 992e9 - 1);
	assert_int_equal(model.strip_count, 2);
	/* In the order of their first calls. */
	assert_string_equal(model.strips[0].name, "f0");
	assert_string_equal(model.legend[1].name, "f0");
	assert_string_equal(model.legend[2].name, "f1");
	assert_string_equal(model.legend[2].detail, "  500 calls (4 drawn)  +0.0 MiB  4.17 min");
	assert_layout_fits(&model);
	plot_model_deinit(&model);
	profile_deinit(&profile);
	free(text);
}

/* Condensed calls are counted, and no claim is made that the drawn ones are the longest. */
static void test_condensed_calls(void **state)
{
	(void)state;
	const struct plot_options options = { 0 };
	assert_model("MEM 1 0\nFUNC f 1 1 1 1.5 0\n"
		     "MANY f 0 2 3 70 0.25 0.001 0.75 0 1\nMEM 1 4\n",
		     &options,
		     "title \nx 0..4 time (s), 9 ticks of 0.5\n"
		     "y 0..1.08 memory used (MiB), 6 ticks of 0.2\n"
		     "curve 4 filled 0,1 1,1 1.5,1 4,1\n[ 8 1,1\n] 8 1.5,1\n"
		     "strip 8 f|  71 calls, up to 70/s, longest 750 ms\npeak 0,1\n"
		     "legend main 4 memory|  peak 1.0 MiB\n"
		     "legend bracket 8 f|  71 calls (1 drawn)  +0.0 MiB  750 ms\n"
		     "legend peak 6 peak| 1.0 MiB at 0 s\n");
}

/* More functions and children than rows, and names longer than the page. */
static void test_crowded_legend(void **state)
{
	(void)state;
	struct profile profile;
	struct plot_model model;
	const struct plot_options options = { 0 };
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	fprintf(out, "CMDLINE ");
	for (int i = 0; i < 100; i++)
		fprintf(out, "--a-long-option=%d \xe6\x97\xa5\xe6\x9c\xac ", i);
	fprintf(out, "\nPROC 1 0 0 x\nMEM 1 0\nMEM 2 100\n");
	for (int i = 0; i < 100; i++) {
		fprintf(out, "CHLD %d %d 1\nCHLD %d %d 2\n", 10 + i, i, 10 + i, i + 1);
		fprintf(out, "FUNC ns::f%d(", i);
		for (int k = 0; k < 30; k++)
			fprintf(out, "std::vector<int>,\xc2\xa0");
		fprintf(out, "int) 1 1 1 %d 0 1 1\n", 2 + i);
	}
	assert_int_equal(fclose(out), 0);
	read_text(&profile, text);
	assert_null(plot_build(&model, &profile, 1, &options));
	assert_int_equal(model.curve_count, 101);
	assert_int_equal(model.legend_count, 60);
	assert_string_equal(model.legend[19].name, "\xe2\x80\xa6 and 82 more children");
	assert_string_equal(model.legend[57].name, "\xe2\x80\xa6 and 63 more functions");
	assert_memory_equal(model.legend[20].name, "ns::f63(", 8);
	assert_layout_fits(&model);
	plot_model_deinit(&model);
	profile_deinit(&profile);
	free(text);
}

static void test_overlay(void **state)
{
	(void)state;
	struct profile profiles[2];
	struct plot_model model;
	const struct plot_options options = { 0 };

	read_text(&profiles[0], whole);
	read_text(&profiles[1], "CMDLINE b\nMEM 50 7\nMEM 60 27\n");
	free(profiles[1].path);
	profiles[1].path = strdup("b.dat");
	assert_null(plot_build(&model, profiles, 2, &options));
	const char *name = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
	char *title;
	assert_true(asprintf(&title, "%s, b.dat", name) > 0);
	assert_string_equal(model.title, title);
	free(title);
	/* One curve each. */
	assert_int_equal(model.curve_count, 2);
	assert_int_equal(model.bracket_count, 0);
	assert_true(model.peak.is_shown && model.peak.x == 20 && model.peak.y == 60);
	assert_false(model.other_peak.is_shown);
	assert_string_equal(model.legend[2].name, "peak of b.dat");
	assert_string_equal(model.legend[2].detail, "  60.0 MiB at 20.0 s");
	assert_true(model.curves[0].color != model.curves[1].color);
	assert_true(model.curves[1].points[0].x == 0 && model.curves[1].points[1].x == 20);
	assert_int_equal(model.legend_count, 3);
	/* The other file does not say what it measures, and so the axis cannot. */
	assert_string_equal(model.y_label, "memory used (MiB)");
	assert_memory_equal(model.legend[0].name, name, strlen(name));
	assert_string_equal(model.legend[0].name + strlen(name), ", RSS, 2026-11-22 01:21:26");
	assert_string_equal(model.legend[0].detail, "  peak 40.0 MiB");
	assert_string_equal(model.legend[1].name, "b.dat");
	assert_int_equal(model.legend[1].color, model.curves[1].color);
	assert_layout_fits(&model);
	plot_model_deinit(&model);
	profile_deinit(&profiles[0]);
	profile_deinit(&profiles[1]);
}

/* Files that measure different things have a name for it each, and no highest peak. */
static void test_overlay_of_metrics(void **state)
{
	(void)state;
	struct profile profiles[2];
	struct plot_model model;
	const struct plot_options options = { 0 };

	read_text(&profiles[0], "METRIC rss\nPROC 1 0 0 x\nMEM 50 7\nMEM 60 27\n");
	read_text(&profiles[1], "METRIC pss tree\nPROC 1 0 0 x\nMEM 10 7\nMEM 20 27\n");
	assert_null(plot_build(&model, profiles, 2, &options));
	assert_string_equal(model.y_label, "memory used (MiB)");
	assert_non_null(strstr(model.legend[0].name, ", RSS"));
	assert_non_null(strstr(model.legend[1].name, ", sum of PSS"));
	assert_int_equal(model.legend_count, 2);
	assert_false(model.peak.is_shown);
	assert_layout_fits(&model);
	plot_model_deinit(&model);
	profile_deinit(&profiles[0]);
	profile_deinit(&profiles[1]);
}

static void assert_metric(const char *record, const char *y_label, const char *y_label_short)
{
	char text[256];
	struct profile profile;
	struct plot_model model;
	const struct plot_options options = { 0 };

	snprintf(text, sizeof(text),
		 "%sPROC 5 1 1 x\nADDED 5 0.125 1\nMEM 10 1\nMEM 20 5\nPEAK 5 50 5\n"
		 "TICKS 2 0 0 0.1 0.2\n",
		 record);
	read_text(&profile, text);
	assert_int_equal(profile.damaged_lines, 0);
	assert_null(plot_build(&model, &profile, 1, &options));
	assert_string_equal(model.y_label, y_label);
	assert_string_equal(model.y_label_short, y_label_short);
	assert_layout_fits(&model);
	plot_model_deinit(&model);
	profile_deinit(&profile);
}

/* What is measured stands on the axis; a sum that counts pages twice is one. */
static void test_metrics(void **state)
{
	(void)state;
	assert_metric("", "memory used (MiB)", "MiB");
	assert_metric("METRIC pss\n", "memory used (MiB, PSS)", "MiB, PSS");
	assert_metric("METRIC uss\n", "memory used (MiB, USS)", "MiB, USS");
	assert_metric("METRIC vms\n", "memory used (MiB, VMS)", "MiB, VMS");
	assert_metric("METRIC swap\n", "memory used (MiB, swap)", "MiB, swap");
	assert_metric("METRIC anon\n", "memory used (MiB, anonymous)", "MiB, anonymous");
	assert_metric("METRIC pss tree\n", "memory used (MiB, sum of PSS)", "MiB, sum of PSS");
	assert_metric("METRIC rss tree\n", "memory used (MiB, sum of RSS)", "MiB, sum of RSS");
	assert_metric("METRIC novelty\n", "memory used (MiB, NOVELTY)", "MiB, NOVELTY");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_model),
		cmocka_unit_test(test_no_brackets_and_title),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_window_without_data),
		cmocka_unit_test(test_ranges_of_no_size),
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_bracket_limit),
		cmocka_unit_test(test_condensed_calls),
		cmocka_unit_test(test_crowded_legend),
		cmocka_unit_test(test_overlay),
		cmocka_unit_test(test_overlay_of_metrics),
		cmocka_unit_test(test_metrics),
	};
	return cmocka_run_group_tests_name("plot_model", tests, set_up, remove_file);
}
