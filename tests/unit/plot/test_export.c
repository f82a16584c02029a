/* Unit tests of exports: which samples and calls stay when there is no room, and what the result comes to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "plot/export/export.h"
#include "plot/export/kept_calls.h"
#include "plot/export/sample_columns.h"
#include "plot/text/number_text.h"

static void expect_decimal(int64_t value, unsigned decimals, const char *expected)
{
	char text[NUMBER_TEXT_BYTES];

	assert_int_equal(number_text_decimal(text, value, decimals), strlen(expected));
	assert_string_equal(text, expected);
}

static void test_decimals(void **state)
{
	(void)state;
	expect_decimal(0, 9, "0");
	expect_decimal(1500000000, 9, "1.5");
	expect_decimal(-1, 9, "-0.000000001");
	expect_decimal(100, 2, "1");
	expect_decimal(100, 0, "100");
	expect_decimal(1020, 3, "1.02");
	expect_decimal(INT64_MAX, 18, "9.223372036854775807");
	expect_decimal(INT64_MIN, 9, "-9223372036.854775808");

	char text[NUMBER_TEXT_BYTES];
	number_text_mib(text, 30.738281);
	assert_string_equal(text, "30.738281");
	number_text_mib(text, -0.0000001);
	assert_string_equal(text, "0");
	number_text_mib(text, 17592186044416.0); /* 2^64 bytes, the most that a profile may have */
	assert_string_equal(text, "17592186044416");
}

static void test_shares_are_even(void **state)
{
	(void)state;
	struct kept_share third = kept_share_of(300, 100), all = kept_share_of(5, 5),
			  none = kept_share_of(7, 0);
	size_t kept = 0, gap = 0;

	for (size_t i = 0; i < 3000; i++) {
		bool has = kept_share_has(third, i);
		gap = has ? 0 : gap + 1;
		assert_true(gap <= 3);
		kept += has;
		assert_true(kept_share_has(all, i));
		assert_false(kept_share_has(none, i));
	}
	assert_in_range(kept, 998, 1000);
}

static unsigned class_of(int64_t duration_ns)
{
	const struct profile_call call = { .in_ns = 5, .out_ns = 5 + duration_ns };

	return kept_calls_class(&call);
}

static void test_classes_grow_with_durations(void **state)
{
	(void)state;
	unsigned last = 0;

	for (int64_t ns = 0; ns < 100000; ns++) {
		unsigned class = class_of(ns);
		assert_in_range(class, last, last + 1);
		/* What is not kept of a class is shorter than the next one's start. */
		const struct kept_calls kept = { class, { 0 } };
		assert_true(kept_calls_limit_ns(&kept) > ns);
		assert_true((double)kept_calls_limit_ns(&kept) <= (double)ns * 1.0626 + 1);
		last = class;
	}
	assert_true(class_of(INT64_MAX - 5) < KEPT_CLASSES);
	const struct kept_calls longest = { class_of(INT64_MAX - 5), { 0 } };
	assert_true(kept_calls_limit_ns(&longest) == INT64_MAX);
}

static void test_the_longest_are_kept(void **state)
{
	(void)state;
	uint64_t bytes[KEPT_CLASSES] = { 0 };
	const struct profile_call brief = { .out_ns = 10 }, middle = { .out_ns = 1000 },
				  lasting = { .out_ns = 1000000 };

	bytes[class_of(10)] = 600;
	bytes[class_of(1000)] = 300;
	bytes[class_of(1000000)] = 100;
	struct kept_calls kept = kept_calls_choose(bytes, 1000);
	assert_true(kept_calls_has(&kept, &brief, 0));
	kept = kept_calls_choose(bytes, 250);
	assert_int_equal(kept.class, class_of(1000));
	for (size_t i = 0; i < 100; i++) {
		assert_true(kept_calls_has(&kept, &lasting, i));
		assert_false(kept_calls_has(&kept, &brief, i));
	}
	assert_int_equal(kept_calls_has(&kept, &middle, 0) + kept_calls_has(&kept, &middle, 1), 1);
}

struct seen {
	int64_t time_ns[1000];
	double mib[1000];
	size_t count;
};

static struct error *see(void *data, int32_t process, int64_t time_ns, double mib)
{
	struct seen *seen = &((struct seen *)data)[process];

	seen->time_ns[seen->count] = time_ns;
	seen->mib[seen->count++] = mib;
	return NULL;
}

/* The lowest or the highest between two times. */
static double extreme_of(const struct seen *seen, int64_t from_ns, int64_t to_ns, int sign)
{
	double extreme = -1e9;

	for (size_t i = 0; i < seen->count; i++) {
		if (seen->time_ns[i] >= from_ns && seen->time_ns[i] < to_ns &&
		    sign * seen->mib[i] > extreme)
			extreme = sign * seen->mib[i];
	}
	return extreme;
}

static void test_columns_keep_extremes(void **state)
{
	(void)state;
	enum { PROCESSES = 3, WIDTH = 50 };
	static struct seen all[PROCESSES], some[PROCESSES];
	struct sample_columns columns;
	const struct sample_visitor follower = { .visit = see, .data = some };

	srand(14);
	assert_null(sample_columns_init(&columns, 1000, WIDTH, PROCESSES, &follower));
	/* The last process has one sample alone. */
	for (int64_t ns = 1000; ns < 1900; ns += 1 + rand() % 3) {
		int32_t process = ns == 1000 ? 2 : rand() % 2;
		double mib = rand() % 1000;
		assert_null(see(all, process, ns, mib));
		assert_null(sample_columns_visit(&columns, process, ns, mib));
	}
	assert_null(sample_columns_finish(&columns));
	sample_columns_deinit(&columns);
	for (size_t p = 0; p < PROCESSES; p++) {
		const struct seen *a = &all[p], *s = &some[p];
		assert_true(s->count <= sample_columns_most(a->count, a->time_ns[0],
							    a->time_ns[a->count - 1], WIDTH));
		assert_true(s->time_ns[0] == a->time_ns[0]);
		assert_true(s->time_ns[s->count - 1] == a->time_ns[a->count - 1]);
		for (size_t i = 1; i < s->count; i++)
			assert_true(s->time_ns[i] > s->time_ns[i - 1]);
		for (int64_t from_ns = 1000; from_ns < 1900; from_ns += WIDTH) {
			for (int sign = -1; sign <= 1; sign += 2)
				assert_true(extreme_of(a, from_ns, from_ns + WIDTH, sign) ==
					    extreme_of(s, from_ns, from_ns + WIDTH, sign));
		}
	}
	assert_int_equal(some[2].count, 1);
	assert_true(some[0].count < all[0].count / 2);
}

/* 20,000 samples of two processes; 9,000 calls of three lengths, a third of each; 5,000 marks. */
static void write_profile(const char *path)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fprintf(out, "CMDLINE ./x\nPROC 7 1 1000 x\nPROC 8 7 1000 y\n");
	for (int i = 0; i < 10000; i++)
		fprintf(out, "MEM %d %d.%03d\nCHLD 8 %d %d.%03d\n", i == 7777 ? 500 : i % 50,
			1000 + i / 1000, i % 1000, i % 9, 1000 + i / 1000, i % 1000);
	for (int i = 0; i < 9000; i++)
		fprintf(out, "FUNC f%d 1 %d.%03d000000 2 %d.%03d%06d 0 7 7\n", i % 2,
			1000 + i / 1000, i % 1000, 1000 + i / 1000, i % 1000,
			i % 3 == 0   ? 900
			: i % 3 == 1 ? 9000
				     : 90000);
	for (int i = 0; i < 5000; i++)
		fprintf(out, "MARK m 1 %d.5 7 7\n", 1000 + i / 1000);
	assert_int_equal(fclose(out), 0);
}

static char *export_text(const struct export_source *source, enum export_kind kind,
			 uint64_t most_bytes, struct export_reduction *reduction)
{
	char *text;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	struct error *err = export_write(source, kind, most_bytes, out, reduction);

	if (err != NULL)
		fail_msg("%s", error_message(err));
	fclose(out);
	assert_int_equal(strlen(text), bytes);
	return text;
}

static size_t occurrences(const char *text, const char *what)
{
	size_t count = 0;

	for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
		count++;
	return count;
}

static void expect_room(const struct export_source *source, enum export_kind kind, bool has_samples)
{
	struct export_reduction reduction;
	char *text = export_text(source, kind, 0, &reduction);
	size_t whole = strlen(text);

	assert_false(reduction.is_reduced);
	assert_in_range(reduction.whole_bytes, whole * 9 / 10, whole * 11 / 10);
	free(text);
	for (uint64_t most = whole - whole / 50; most > whole / 8; most -= whole / 9) {
		text = export_text(source, kind, most, &reduction);
		assert_true(reduction.is_reduced);
		assert_true(strlen(text) <= most);
		assert_true(strlen(text) > most * 3 / 4);
		/* Calls go last. */
		if (has_samples && most > whole * 8 / 10)
			assert_int_equal(reduction.dropped_calls, 0);
		free(text);
	}
}

static void test_results_fit_their_room(void **state)
{
	(void)state;
	char path[] = "/tmp/test_export.XXXXXX";
	struct export_source source;
	struct export_reduction reduction;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	write_profile(path);
	assert_null(export_source_open(&source, path));
	assert_false(source.holds_samples);
	assert_true(source.profile.processes[0].series.count <= 64);
	expect_room(&source, EXPORT_CSV_SAMPLES, true);
	expect_room(&source, EXPORT_CSV_CALLS, false);
	expect_room(&source, EXPORT_JSON, true);
	expect_room(&source, EXPORT_CHROME, true);
	expect_room(&source, EXPORT_SPEEDSCOPE, false);

	/* What stays and what was dropped are all. */
	char *text = export_text(&source, EXPORT_CHROME, 700000, &reduction);
	size_t calls = occurrences(text, "\"ph\":\"X\""),
	       windows = occurrences(text, "\"ph\":\"b\"");
	assert_true(reduction.dropped_calls > 0 && reduction.column_ns > 0);
	assert_int_equal(calls + reduction.dropped_calls, 9000);
	assert_int_equal(windows, 2);
	uint64_t in_windows = 0;
	for (const char *at = text; (at = strstr(at, "\"calls\":")) != NULL; at++)
		in_windows += strtoull(at + 8, NULL, 10);
	assert_int_equal(in_windows, reduction.dropped_calls);
	assert_int_equal(occurrences(text, "\"ph\":\"i\"") + reduction.dropped_marks, 5000);
	assert_non_null(strstr(text, "{\"MiB\":500}"));
	assert_true(occurrences(text, "\"dur\":90}") + occurrences(text, "\"dur\":90,") == 3000);
	free(text);
	export_source_close(&source);
	unlink(path);
}

/* Each of them crosses the one before: pairs of events are larger than single ones. */
static void test_pairs_fit_their_room(void **state)
{
	(void)state;
	char path[] = "/tmp/test_export.XXXXXX";
	struct export_source source;
	struct export_reduction reduction;
	int fd = mkstemp(path);
	FILE *out = fdopen(fd, "w");

	assert_non_null(out);
	fprintf(out, "MEM 1 1000\nMEM 1 2000\n");
	for (int i = 0; i < 3000; i++)
		fprintf(out, "FUNC f 1 %d.5 2 %d.%d 0 7 7\n", 1000 + i / 10, 1400 + i / 10, i % 10);
	assert_int_equal(fclose(out), 0);
	assert_null(export_source_open(&source, path));
	char *text = export_text(&source, EXPORT_CHROME, 0, &reduction);
	size_t whole = strlen(text);
	assert_true(occurrences(text, "\"ph\":\"b\"") > 2000);
	free(text);
	for (uint64_t most = whole - whole / 20; most > whole / 8; most -= whole / 9) {
		text = export_text(&source, EXPORT_CHROME, most, &reduction);
		assert_true(reduction.is_reduced);
		assert_true(strlen(text) <= most);
		assert_true(strlen(text) > most / 2);
		free(text);
	}
	export_source_close(&source);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decimals),
		cmocka_unit_test(test_shares_are_even),
		cmocka_unit_test(test_classes_grow_with_durations),
		cmocka_unit_test(test_the_longest_are_kept),
		cmocka_unit_test(test_columns_keep_extremes),
		cmocka_unit_test(test_results_fit_their_room),
		cmocka_unit_test(test_pairs_fit_their_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
