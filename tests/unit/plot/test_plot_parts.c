/* Unit tests of the plot layer's small parts: fields, axis, decimation, call sums. */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plot/model/axis.h"
#include "plot/profile/call_summary.h"
#include "plot/totals/function_totals.h"
#include "plot/profile/decimate.h"
#include "plot/records/fields.h"

/* Every length of integer part and fraction, against strtod and against integer arithmetic. */
/* What fields_read_next_time says is what fields_read_time says, whatever came before. */
static void test_fields_next_time(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"1795310486.123456789", "1795310486.5",		"1795310486.000000001 x",
		"1795310487.4990",	"1795310487.",		"1795310487.12345678951",
		"1795310487.12e1",	"1795310487.1x",	"1795310487.1 x",
		"1795310487",		"1e1 trail .5",		"1e1 trail .5",
		"-795310487.5",		"-795310487.5",		"0000000001.5",
		"0000000001.25",	"1795310487.999999999", "17953104871.5",
		"1795310487..5",	"+795310487.5",		"+795310487.25",
	};
	struct fields_second second = { .ns = 0 };
	char zeros[FIELDS_SECOND_BYTES + 2] = { 0 };
	int64_t ns, expected_ns;

	zeros[FIELDS_SECOND_BYTES] = '5';
	struct fields nothing = { zeros, zeros + FIELDS_SECOND_BYTES + 1 };
	assert_false(fields_read_next_time(&nothing, &second, &ns));
	for (size_t k = 0; k < 2 * sizeof(texts) / sizeof(texts[0]); k++) {
		const char *text = texts[k / 2];
		struct fields plain = { text, text + strlen(text) }, next = plain;
		bool is_time = fields_read_time(&plain, &expected_ns);
		assert_int_equal(fields_read_next_time(&next, &second, &ns), is_time);
		if (!is_time)
			continue;
		assert_int_equal(ns, expected_ns);
		assert_ptr_equal(next.at, plain.at);
	}
}

static void test_fields_numbers(void **state)
{
	(void)state;
	srandom(1);
	for (int i = 0; i < 20000; i++) {
		char text[64], whole[24], fraction[24];
		size_t w = (size_t)random() % 9, f = (size_t)random() % 10;
		for (size_t k = 0; k < w; k++)
			whole[k] = (char)('0' + random() % 10);
		for (size_t k = 0; k < f; k++)
			fraction[k] = (char)('0' + random() % 10);
		whole[w] = fraction[f] = '\0';
		if (w + f == 0)
			continue;
		/* What follows must not be taken for digits by a wide read. */
		int bytes = snprintf(text, sizeof(text), "%s.%s 98765432", whole, fraction);
		double mib;
		int64_t ns;
		struct fields fields = { text, text + bytes };
		assert_true(fields_read_double(&fields, &mib));
		assert_true(fabs(mib - strtod(text, NULL)) <= 1e-15 * mib);
		fields = (struct fields){ text, text + w + 1 + f };
		assert_true(fields_read_seconds(&fields, &ns));
		char nine[10] = "000000000";
		memcpy(nine, fraction, f);
		assert_int_equal(ns, atoll(whole) * 1000000000 + atoll(nine));
		assert_true(fields_at_end(&fields));
	}
}

static void test_fields_rounding_and_limits(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool valid;
		int64_t ns;
	} cases[] = {
		{ "1.0000000004", true, 1000000000 },
		{ "1.0000000005", true, 1000000001 },
		{ "-1.5", true, -1500000000 },
		{ "+2", true, 2000000000 },
		{ "1e-05", true, 10000 },
		{ "1E3", true, 1000000000000 },
		{ "0000000000000000000000001.5", true, 1500000000 },
		{ "1.50000000000000000000000000000000001", true, 1500000000 },
		{ "9223372036.854775807", true, INT64_MAX },
		{ "9223372036.854775808", false, 0 },
		{ "0e9999999999", true, 0 },
		{ "1e9999999999", false, 0 },
		{ "1e-9999999999", true, 0 },
		{ "", false, 0 },
		{ "-", false, 0 },
		{ "e5", false, 0 },
		{ "1e+", false, 0 },
		{ "0x10", false, 0 },
		{ "1,5", false, 0 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fields fields = { cases[i].text, cases[i].text + strlen(cases[i].text) };
		int64_t ns = 0;
		bool valid = fields_read_seconds(&fields, &ns);
		if (valid != cases[i].valid || (valid && ns != cases[i].ns))
			fail_msg("'%s': %d, %" PRId64, cases[i].text, valid, ns);
	}
}

static void test_axis_units(void **state)
{
	(void)state;
	static const struct {
		double start_ns, end_ns;
		const char *unit, *first, *last;
	} cases[] = {
		{ 0, 29.9e9, "s", "0", "30" },		{ 0, 1e6, "ms", "0.0", "1.0" },
		{ 0, 58.8e3, "\xc2\xb5s", "0", "50" },	{ 0, 600e9, "min", "0", "10" },
		{ 0, 10 * 3600e9, "h", "0", "10" },	{ 0, 10 * 86400e9, "d", "0", "10" },
		{ 3.9e9, 4.1e9, "ms", "3900", "4100" }, { 5e9, 5e9, "ms", "5000.0", "5001.0" },
		{ -1e9, 1e9, "s", "-1.0", "1.0" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct axis axis;
		char label[AXIS_LABEL_BYTES];
		axis_init_time(&axis, cases[i].start_ns, cases[i].end_ns, 8, true);
		assert_string_equal(axis.unit, cases[i].unit);
		assert_in_range(axis.tick_count, 3, 11);
		axis_tick_label(&axis, 0, label);
		assert_string_equal(label, cases[i].first);
		axis_tick_label(&axis, axis.tick_count - 1, label);
		assert_string_equal(label, cases[i].last);
		assert_true(axis_tick(&axis, axis.tick_count - 1) <= axis.max * (1 + 1e-9) + 1e-9);
	}
}

/* From a nanosecond to centuries and from bytes to petabytes: finite, ordered, a few ticks. */
static void test_axis_any_range(void **state)
{
	(void)state;
	struct axis axis;
	for (double span = 1; span < 1e19; span *= 1.7) {
		for (double start = 0; start < 1e18; start = start * 10 + 1) {
			axis_init_time(&axis, start, start + span, 8, false);
			assert_true(axis.max >= axis.min);
			assert_true(axis.tick_count <= 10);
		}
	}
	for (double mib = 0; mib < 1e12; mib = mib * 1.7 + 1e-7) {
		axis_init_memory(&axis, mib, 9);
		assert_true(axis.max > mib / axis.per_unit);
		assert_in_range(axis.tick_count, 2, 10);
	}
	axis_init_memory(&axis, 0, 9);
	assert_true(axis.max > 0 && axis.tick_count > 1);
}

static void test_decimate_keeps_extremes(void **state)
{
	(void)state;
	enum { COUNT = 100000, COLUMNS = 50 };
	struct decimate d;
	struct sample *points;
	size_t count;
	double low = INFINITY, high = -INFINITY;

	srandom(2);
	assert_null(decimate_init(&d, 0, COUNT - 1, COLUMNS));
	for (int64_t i = 0; i < COUNT; i++) {
		double mib = i == 33333 ? 9000 : i == 77777 ? 1 : 100 + (double)(random() % 50);
		decimate_add(&d, i, mib);
	}
	assert_null(decimate_points(&d, &points, &count));
	assert_in_range(count, COLUMNS, 4 * COLUMNS);
	for (size_t i = 0; i < count; i++) {
		low = fmin(low, points[i].mib);
		high = fmax(high, points[i].mib);
		if (points[i].mib > 1000)
			assert_int_equal(points[i].time_ns, 33333);
		if (i > 0)
			assert_true(points[i].time_ns >= points[i - 1].time_ns);
	}
	assert_true(low == 1 && high == 9000);
	assert_int_equal(points[0].time_ns, 0);
	assert_int_equal(points[count - 1].time_ns, COUNT - 1);
	free(points);
	decimate_deinit(&d);
}

static void test_decimate_order_does_not_matter(void **state)
{
	(void)state;
	struct decimate d;
	struct sample *forward, *backward;
	size_t count, backward_count;

	assert_null(decimate_init(&d, 0, 999, 20));
	for (int64_t i = 0; i < 1000; i++)
		decimate_add(&d, i, (double)(i * 7919 % 1009));
	assert_null(decimate_points(&d, &forward, &count));
	decimate_clear(&d);
	for (int64_t i = 999; i >= 0; i--)
		decimate_add(&d, i, (double)(i * 7919 % 1009));
	assert_null(decimate_points(&d, &backward, &backward_count));
	assert_int_equal(count, backward_count);
	for (size_t i = 0; i < count; i++)
		assert_true(forward[i].time_ns == backward[i].time_ns &&
			    forward[i].mib == backward[i].mib);
	free(forward);
	free(backward);
	decimate_deinit(&d);
}

static void test_decimate_window(void **state)
{
	(void)state;
	struct decimate d;
	struct sample *points;
	size_t count;

	/* Cut at both ends, half-way between samples. */
	assert_null(decimate_init(&d, 15, 25, 10));
	for (int64_t t = 0; t <= 40; t += 10)
		decimate_add(&d, t, (double)t);
	assert_null(decimate_points(&d, &points, &count));
	assert_int_equal(count, 3);
	assert_true(points[0].time_ns == 15 && points[0].mib == 15);
	assert_true(points[1].time_ns == 20 && points[1].mib == 20);
	assert_true(points[2].time_ns == 25 && points[2].mib == 25);
	free(points);

	/* No sample inside, but a line through it. */
	decimate_clear(&d);
	decimate_add(&d, 0, 0);
	decimate_add(&d, 100, 100);
	assert_null(decimate_points(&d, &points, &count));
	assert_int_equal(count, 2);
	assert_true(points[0].mib == 15 && points[1].mib == 25);
	free(points);

	/* Ended before the window, or starts after it: nothing. */
	decimate_clear(&d);
	decimate_add(&d, 3, 7);
	assert_null(decimate_points(&d, &points, &count));
	assert_int_equal(count, 0);
	assert_null(points);
	decimate_clear(&d);
	decimate_add(&d, 30, 7);
	assert_null(decimate_points(&d, &points, &count));
	assert_int_equal(count, 0);
	decimate_deinit(&d);
}

static void test_call_sums(void **state)
{
	(void)state;
	/* In order of their ends: f within f on thread 1, and at the same time on thread 2. */
	struct profile_call calls[] = {
		{ .in_ns = 20, .out_ns = 30, .tid = 1 },
		{ .in_ns = 10, .out_ns = 40, .tid = 1 },
		{ .in_ns = 0, .out_ns = 50, .tid = 2 },
		{ .in_ns = 60, .out_ns = 65, .tid = 1, .how = CALL_OPEN },
	};
	struct condensed_calls many = { .count = 1000, .total_ns = 500, .longest_ns = 99 };
	struct profile_function function = { .calls = calls, .call_count = 4 };
	const struct profile profile = { 0 };
	struct function_totals totals;
	assert_null(function_totals_sum(&totals, &profile, &function, INT64_MIN, INT64_MAX));
	assert_int_equal(totals.calls, 4);
	assert_int_equal(totals.total_ns, 30 + 50 + 5);
	assert_int_equal(totals.longest_ns, 50);
	assert_int_equal(totals.open_calls, 1);
	function.condensed = &many;
	function.condensed_count = 1;
	assert_null(function_totals_sum(&totals, &profile, &function, INT64_MIN, INT64_MAX));
	assert_int_equal(totals.calls, 1004);
	assert_int_equal(totals.total_ns, 585);
	assert_int_equal(totals.longest_ns, 99);
	/* What is seen of it: a call within another one that is not seen counts, but not its time. */
	assert_null(function_totals_sum(&totals, &profile, &function, 41, 64));
	assert_int_equal(totals.calls, 2);
	assert_int_equal(totals.total_ns, 50 + 5);
}

/* mprof writes a function's calls as they began; calls that never ended come so, too. */
static void test_call_sums_in_order_of_starts(void **state)
{
	(void)state;
	struct profile_call calls[] = {
		{ .in_ns = 10, .out_ns = 40, .tid = 1 },
		{ .in_ns = 0, .out_ns = 50, .tid = 2 },
		{ .in_ns = 20, .out_ns = 30, .tid = 1 },
		{ .in_ns = 60, .out_ns = 100, .tid = 1, .how = CALL_OPEN },
		{ .in_ns = 70, .out_ns = 100, .tid = 1, .how = CALL_OPEN },
		{ .in_ns = 70, .out_ns = 100, .tid = 1, .how = CALL_OPEN },
	};
	static const bool expected[] = { true, true, false, true, false, false };
	struct profile_function function = { .calls = calls, .call_count = 6 };
	const struct profile profile = { 0 };
	struct function_totals totals;
	bool *outer;
	assert_null(calls_find_outer(&function, &outer));
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(outer[i], expected[i]);
	free(outer);
	assert_null(function_totals_sum(&totals, &profile, &function, INT64_MIN, INT64_MAX));
	assert_int_equal(totals.calls, 6);
	assert_int_equal(totals.total_ns, 30 + 50 + 40);
}

static void test_pick_longest(void **state)
{
	(void)state;
	enum { COUNT = 1000, LIMIT = 37 };
	struct profile_call calls[COUNT];
	struct profile_function function = { .calls = calls, .call_count = COUNT };
	size_t *picked, count;
	bool seen[COUNT] = { false };

	for (int i = 0; i < COUNT; i++) /* durations 0 to 999, shuffled: 7919 is prime to 1000 */
		calls[i] = (struct profile_call){ .in_ns = 0, .out_ns = i * 7919 % COUNT };
	assert_null(calls_pick_longest(&function, INT64_MIN, INT64_MAX, LIMIT, &picked, &count));
	assert_int_equal(count, LIMIT);
	for (size_t i = 0; i < count; i++) {
		assert_in_range(calls[picked[i]].out_ns, COUNT - LIMIT, COUNT - 1);
		assert_false(seen[picked[i]]);
		seen[picked[i]] = true;
	}
	free(picked);
	assert_null(calls_pick_longest(&function, INT64_MIN, INT64_MAX, 5000, &picked, &count));
	assert_int_equal(count, COUNT);
	free(picked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields_numbers),
		cmocka_unit_test(test_fields_next_time),
		cmocka_unit_test(test_fields_rounding_and_limits),
		cmocka_unit_test(test_axis_units),
		cmocka_unit_test(test_axis_any_range),
		cmocka_unit_test(test_decimate_keeps_extremes),
		cmocka_unit_test(test_decimate_order_does_not_matter),
		cmocka_unit_test(test_decimate_window),
		cmocka_unit_test(test_call_sums),
		cmocka_unit_test(test_call_sums_in_order_of_starts),
		cmocka_unit_test(test_pick_longest),
	};
	return cmocka_run_group_tests_name("plot_parts", tests, NULL, NULL);
}
