/* Unit tests of what is left out of a profile: processes, and what is outside a time. */
#include "tests/unit/plot_fixture.h"

#include "plot/profile/profile_filter.h"
#include "plot/totals/profile_totals.h"

static const int64_t ZERO_NS = 1000 * INT64_C(1000000000);
static const int64_t MS = 1000000;

static const char example[] =
	"METRIC rss\nPROC 5 1 1000 prog\nMEM 10 1000\nPROC 6 5 1000.1 x\nCHLD 6 4 1000.1\n"
	"FUNC f 10 1000.05 20 1000.15 0 5 5\nMEM 20 1000.2\nPROC 7 5 1000.1 y\nCHLD 7 90 1000.1\n"
	"DONE 7 1000.2 0\nFUNC f 20 1000.25 95 1000.45 0 5 5\nMEM 30 1000.3\nCHLD 6 5 1000.3\n"
	"MANY g 5 1000.1 1000.2 5 0.01 0.001 0.002 1 30 0\nFUNC h 1 1000.6 1 1000.7 0 5 5\n"
	"MEM 40 1000.4\nDONE 6 1000.75 0\nPEAK 5 99 1000.8\nMEM 50 1000.8\nDONE 5 1000.8 0\n";

static void test_window(void **state)
{
	(void)state;
	struct profile profile;
	struct profile_totals totals;
	read_profile_text(&profile, example);
	profile_keep_window(&profile, ZERO_NS + 250 * MS, ZERO_NS + 400 * MS);

	/* What was there at the start has its sample before as one of that moment; it is no sample more. */
	const struct series *series = &profile.processes[0].series;
	assert_int_equal(series->count, 3);
	assert_int_equal(series->time_ns[0], ZERO_NS + 250 * MS);
	assert_float_equal(series->mib[0], 20, 1e-9);
	assert_int_equal(series->total, 2);
	assert_float_equal(series->mib[2], 40, 1e-9);
	/* The end of the call is outside, and so is the kernel's peak. */
	assert_float_equal(profile.processes[0].highest_mib, 40, 1e-9);
	assert_true(profile.processes[0].exact_peak_mib < 0);
	/* Process 7 had ended. */
	assert_int_equal(profile.processes[2].series.count, 0);
	assert_int_equal(profile.functions[0].call_count, 1);
	assert_true(profile.functions[1].is_hidden);
	assert_true(profile.functions[2].is_hidden);

	assert_null(profile_totals_init(&totals, &profile));
	assert_float_equal(totals.tree.peak_mib, 45, 1e-9);
	assert_float_equal(totals.functions[0].highest_mib, 95, 1e-9);
	assert_true(totals.processes[0].has_slope);
	assert_float_equal(totals.processes[0].slope_mib_per_s, 100, 1e-6);
	profile_totals_deinit(&totals);
	profile_deinit(&profile);
}

static void test_window_outside(void **state)
{
	(void)state;
	struct profile profile;
	struct profile_totals totals;
	read_profile_text(&profile, example);
	profile_keep_window(&profile, ZERO_NS + 5000 * MS, ZERO_NS + 6000 * MS);
	assert_null(profile_totals_init(&totals, &profile));
	assert_true(totals.tree.peak_ns == PROFILE_TIME_UNKNOWN);
	for (size_t i = 0; i < profile.process_count; i++)
		assert_false(process_totals_has_memory(&totals.processes[i]));
	profile_totals_deinit(&totals);
	profile_deinit(&profile);
}

static void test_processes(void **state)
{
	(void)state;
	struct profile profile;
	struct profile_totals totals;
	static const int32_t wanted[] = { 6, 8 };
	read_profile_text(&profile, example);
	assert_int_equal(profile_keep_processes(&profile, wanted, 2), 1);
	assert_true(profile.processes[0].is_hidden);
	assert_false(profile.processes[1].is_hidden);
	assert_null(profile_totals_init(&totals, &profile));
	assert_float_equal(totals.tree.peak_mib, 5, 1e-9);
	assert_int_equal(totals.functions[0].calls, 0);
	assert_false(process_totals_has_memory(&totals.processes[0]));
	profile_totals_deinit(&totals);
	profile_deinit(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_window_outside),
		cmocka_unit_test(test_processes),
	};
	return cmocka_run_group_tests_name("profile_filter", tests, NULL, NULL);
}
