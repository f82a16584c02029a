/* Unit tests of plot/trend and plot/profile_filter: slopes, and what is left out of a profile. */
#include "tests/unit/plot_fixture.h"

#include <math.h>
#include <string.h>

#include "plot/profile/profile_filter.h"
#include "plot/profile/trend.h"

static const int64_t EPOCH_NS = 1795310486000000000;

/* A line is found as it is, at an epoch's distance from zero, for any slope. */
static void test_exact_lines(void **state)
{
	(void)state;
	static const double slopes[] = { 0, 1, -3.5, 2.7e-7, 4e6 };

	for (size_t k = 0; k < sizeof(slopes) / sizeof(slopes[0]); k++) {
		struct trend trend = { 0 };
		struct trend_line line;
		for (int i = 0; i < 1000; i++)
			trend_add(&trend, EPOCH_NS + i * (int64_t)12345678,
				  80 + slopes[k] * i * 0.012345678);
		assert_true(trend_line(&trend, &line));
		assert_true(fabs(line.mib_per_s - slopes[k]) <= 1e-9 * fabs(slopes[k]) + 1e-12);
		assert_true(fabs(trend_line_mib(&line, EPOCH_NS) - 80) <
			    1e-6 * (1 + fabs(slopes[k])));
	}
}

/* Against the textbook's sums, about the mean, of points that are no line. */
static void test_least_squares(void **state)
{
	(void)state;
	enum { COUNT = 500 };
	static double s[COUNT], mib[COUNT];
	struct trend trend = { 0 };
	struct trend_line line;
	double mean_s = 0, mean_mib = 0, above = 0, below = 0;

	srandom(7);
	for (int i = 0; i < COUNT; i++) {
		s[i] = (double)(random() % 1000000) / 1e3;
		mib[i] = 50 + s[i] * 0.1 + (double)(random() % 1000) / 10;
		mean_s += s[i] / COUNT;
		mean_mib += mib[i] / COUNT;
		trend_add(&trend, EPOCH_NS + llround(s[i] * 1e9), mib[i]);
	}
	for (int i = 0; i < COUNT; i++) {
		above += (s[i] - mean_s) * (mib[i] - mean_mib);
		below += (s[i] - mean_s) * (s[i] - mean_s);
	}
	assert_true(trend_line(&trend, &line));
	assert_true(fabs(line.mib_per_s - above / below) < 1e-9);
	assert_true(fabs(trend_line_mib(&line, EPOCH_NS + llround(mean_s * 1e9)) - mean_mib) <
		    1e-6);
}

static void test_no_line(void **state)
{
	(void)state;
	struct trend trend = { 0 };
	struct trend_line line;

	assert_false(trend_line(&trend, &line));
	trend_add(&trend, EPOCH_NS, 1);
	assert_false(trend_line(&trend, &line));
	trend_add(&trend, EPOCH_NS, 2); /* two values at one time */
	assert_false(trend_line(&trend, &line));
	trend_add(&trend, EPOCH_NS + 1, 2);
	assert_true(trend_line(&trend, &line));
}

static const char two_processes[] = "PROC 100 1 0 ./a\nMEM 10 0\nMEM 30 10\n"
				    "PROC 101 100 2 ./b\nCHLD 101 8 2\nCHLD 101 4 6\n"
				    "FUNC parse 12 1 14 2 0 100 100\n"
				    "FUNC parse(int) 5 3 5 4 0 101 101\n"
				    "MANY hot 101 3 4 70 0.5 0.001 0.02 0 9\n";

/* Of main and children; calls' ends are points of a curve as its samples are. */
static void test_slopes_of_model(void **state)
{
	(void)state;
	struct profile profile;
	struct plot_model model;

	read_profile_text(&profile, two_processes);
	make_model(&model, &profile, &(struct plot_options){ .slope = true });
	assert_int_equal(model.curve_count, 2);
	/* Points of main: all four on one line. */
	assert_true(model.curves[0].trend.is_shown && model.curves[1].trend.is_shown);
	assert_true(fabs(model.curves[0].trend.mib_per_s - 2) < 1e-9);
	assert_true(fabs(model.curves[0].trend.from.y - 10) < 1e-9);
	assert_true(fabs(model.curves[0].trend.to.x - 10) < 1e-9);
	assert_string_equal(model.legend[0].detail, "  peak 30.0 MiB  slope +2 MiB/s");
	/* The child: 2,8 3,5 4,5 6,4; by hand -7.5 / 8.75. */
	assert_true(fabs(model.curves[1].trend.mib_per_s + 0.8571428571429) < 1e-9);
	assert_string_equal(model.legend[1].detail, "  peak 8.0 MiB  slope -0.8571 MiB/s");
	plot_model_deinit(&model);

	/* Within a window, of the window. */
	make_model(&model, &profile,
		   &(struct plot_options){ .slope = true,
					   .has_window = true,
					   .window_start_ns = 3500000000,
					   .window_end_ns = 10000000000 });
	assert_true(fabs(model.curves[1].trend.mib_per_s + 0.5) < 1e-9);
	plot_model_deinit(&model);
	profile_deinit(&profile);
}

/* A trend that would go below zero is cut there. */
static void test_trend_stays_above_zero(void **state)
{
	(void)state;
	struct profile profile;
	struct plot_model model;

	read_profile_text(&profile, "MEM 100 0\nMEM 0 1\nMEM 0 10\n");
	make_model(&model, &profile, &(struct plot_options){ .slope = true });
	const struct plot_trend *trend = &model.curves[0].trend;
	assert_true(trend->is_shown && trend->mib_per_s < 0);
	assert_true(trend->to.y == 0 && trend->to.x < 10 && trend->to.x > 5);
	plot_model_deinit(&model);
	profile_deinit(&profile);
}

static bool is_parse(void *data, const char *name)
{
	(void)data;
	return strcmp(name, "parse") == 0;
}

static void test_keep_functions(void **state)
{
	(void)state;
	struct profile profile;
	struct plot_model model;

	read_profile_text(&profile, two_processes);
	assert_int_equal(profile_keep_functions(&profile, is_parse, NULL), 1);
	make_model(&model, &profile, &(struct plot_options){ 0 });
	assert_int_equal(model.bracket_count, 2);
	assert_int_equal(model.legend_count, 5); /* main, child, parse, two peaks */
	assert_string_equal(model.legend[2].name, "parse");
	/* The hidden functions' points stay in the curve. */
	assert_int_equal(model.curves[1].count, 4);
	plot_model_deinit(&model);
	profile_deinit(&profile);
}

static void test_keep_processes(void **state)
{
	(void)state;
	static const int32_t pids[] = { 101, 4711 };
	struct profile profile;
	struct plot_model model;

	read_profile_text(&profile, two_processes);
	assert_int_equal(profile_keep_processes(&profile, pids, 2), 1);
	make_model(&model, &profile, &(struct plot_options){ 0 });
	assert_int_equal(model.curve_count, 1);
	assert_true(model.curves[0].is_child);
	assert_int_equal(model.bracket_count, 2);
	/* The peak is that of what is seen, the time still the profile's own. */
	assert_true(model.peak.is_shown && model.peak.y == 8 && model.peak.x == 2);
	assert_int_equal(model.legend_count, 4); /* child, parse(int), hot, peak */
	plot_model_deinit(&model);
	assert_int_equal(profile_keep_processes(&profile, pids + 1, 1), 0);
	profile_deinit(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact_lines),
		cmocka_unit_test(test_least_squares),
		cmocka_unit_test(test_no_line),
		cmocka_unit_test(test_slopes_of_model),
		cmocka_unit_test(test_trend_stays_above_zero),
		cmocka_unit_test(test_keep_functions),
		cmocka_unit_test(test_keep_processes),
	};
	return cmocka_run_group_tests_name("plot_trend", tests, NULL, NULL);
}
