/* Unit tests of loop/state/break_condition and break_watch: what --break-at and --break-if ask for, and when that is so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tracer/loop/state/break_watch.h"

static const uint64_t MIB = 1 << 20;
static const int64_t MS = 1000000;

static struct break_condition parse(const char *text)
{
	struct break_condition condition;
	struct error *err = break_condition_parse(text, &condition);

	if (err != NULL)
		fail_msg("%s: %s", text, error_message(err));
	return condition;
}

static void assert_refused(const char *text, const char *why)
{
	struct break_condition condition;
	struct error *err = break_condition_parse(text, &condition);

	if (err == NULL)
		fail_msg("\"%s\" was taken as \"%s\"", text, condition.text);
	assert_int_equal(error_code(err), ERR_USAGE);
	if (strstr(error_message(err), why) == NULL)
		fail_msg("%s", error_message(err));
	error_free(err);
}

static void test_grammar(void **state)
{
	(void)state;
	struct break_condition c = parse("  memory > 500M ");
	assert_int_equal(c.term_count, 1);
	assert_int_equal(c.terms[0].figure, BREAK_MEMORY);
	assert_false(c.terms[0].includes_equal);
	assert_true(c.terms[0].bytes == 500 * MIB);
	assert_string_equal(c.text, "memory>500M");
	c = parse("growth>=1.5G/h and memory>20");
	assert_int_equal(c.term_count, 2);
	assert_int_equal(c.terms[0].figure, BREAK_GROWTH);
	assert_true(c.terms[0].includes_equal);
	assert_true(c.terms[0].bytes == 1536 * MIB);
	assert_true(c.terms[0].within_ns == 3600000 * MS);
	assert_true(c.terms[1].bytes == 20 * MIB);
	assert_string_equal(c.text, "growth>=1.5G/h and memory>20");
	c = parse("growth>100MiB/ms");
	assert_true(c.terms[0].within_ns == MS);
}

static void test_refused(void **state)
{
	(void)state;
	assert_refused("", "memory and growth");
	assert_refused("memory", "memory and growth");
	assert_refused("memory<5M", "memory and growth");
	assert_refused("rss>5M", "'rss' is no figure");
	assert_refused(">5M", "'' is no figure");
	assert_refused("memory>", "give a size");
	assert_refused("memory>lots", "give a size");
	assert_refused("memory>-5M", "give a size");
	assert_refused("memory>5M/s", "give a size");
	assert_refused("memory>9999999T", "4096 TiB");
	assert_refused("growth>5M", "memory over time");
	assert_refused("growth>0", "memory over time");
	assert_refused("growth>-5M/s", "memory over time");
	assert_refused("growth>5M/fortnight", "memory over time");
	assert_refused("memory>1M and", "give a size");
	assert_refused("memory>1M and memory>1M and memory>1M and memory>1M and memory>1M",
		       "more than 4");
	assert_refused("memory>1M or growth>5M/s", "give a size");
}

static void test_size(void **state)
{
	(void)state;
	struct break_condition c;
	assert_null(break_condition_parse_size("500", &c));
	assert_true(c.terms[0].bytes == 500 * MIB && c.terms[0].includes_equal);
	assert_string_equal(c.text, "memory>=500");
	assert_null(break_condition_parse_size("12KiB", &c));
	assert_true(c.terms[0].bytes == 12 * 1024);
	struct error *err = break_condition_parse_size("0", &c);
	assert_non_null(err);
	error_free(err);
}

/* A process that is read every 10 ms, with what it has then. */
struct watched {
	struct break_watch watch;
	struct break_condition condition;
	struct break_highest highest;
	int64_t now_ns;
	bool every;
};

static unsigned read_mib(struct watched *w, uint64_t mib)
{
	w->now_ns += 10 * MS;
	return break_watch_read(&w->watch, &w->condition, 1, w->every, w->now_ns, mib * MIB,
				&w->highest);
}

static struct watched *watched_create(const char *text, bool every)
{
	struct watched *w = calloc(1, sizeof(*w));
	assert_non_null(w);
	w->condition = parse(text);
	w->now_ns = 123456 * MS;
	w->every = every;
	return w;
}

static void test_memory(void **state)
{
	(void)state;
	for (int every = 0; every < 2; every++) {
		struct watched *w = watched_create("memory>50M", every);
		assert_int_equal(read_mib(w, 50), 0);
		assert_int_equal(read_mib(w, 51), 1);
		w->watch.done = 1;
		assert_int_equal(read_mib(w, 60), 0);
		assert_int_equal(read_mib(w, 40), 0);
		assert_int_equal(read_mib(w, 60), every);
		assert_true(w->highest.bytes[0][0] == 60 * MIB);
		free(w);
	}
}

/* However it is read, what counts is the lowest reading of the last second, to a 63rd of it. */
static void test_growth(void **state)
{
	(void)state;
	struct watched *w = watched_create("growth>100M/s", false);
	/* 90 MiB a second, for ever: never more. */
	for (uint64_t i = 0; i < 1000; i++)
		assert_int_equal(read_mib(w, 10 + i * 90 / 100), 0);
	assert_true(w->highest.bytes[0][0] >= 89 * MIB);
	/* What was given back before is grown from. */
	uint64_t low = 300;
	assert_int_equal(read_mib(w, low), 0);
	for (unsigned i = 0; i < 98; i++)
		assert_int_equal(read_mib(w, low + 100), 0);
	assert_int_equal(read_mib(w, low + 101), 1);
	/* A second later it is no growth any more. */
	for (unsigned i = 0; i < 103; i++)
		read_mib(w, low + 101);
	assert_int_equal(w->watch.holding, 0);
	/* Nor after a long time without a reading. */
	w->now_ns += 3600000 * MS;
	assert_int_equal(read_mib(w, 5000), 0);
	assert_int_equal(read_mib(w, 5101), 1);
	free(w);
}

/* The other way: a model that keeps all readings agrees but for those at the edge of the time. */
static void test_growth_against_model(void **state)
{
	(void)state;
	enum { COUNT = 4000 };
	static uint64_t all[COUNT];
	struct watched *w = watched_create("growth>50M/s", true);

	srand(1);
	for (int i = 0; i < COUNT; i++) {
		all[i] = (uint64_t)(100 + rand() % 80);
		bool is_due = read_mib(w, all[i]) != 0;
		uint64_t lowest = all[i], lowest_wide = all[i];
		for (int j = i; j >= 0 && j >= i - 103; j--) {
			lowest_wide = all[j] < lowest_wide ? all[j] : lowest_wide;
			if (j >= i - 97)
				lowest = all[j] < lowest ? all[j] : lowest;
		}
		if (all[i] - lowest > 50)
			assert_true(is_due);
		if (is_due)
			assert_true(all[i] - lowest_wide > 50);
	}
	free(w);
}

static void test_both(void **state)
{
	(void)state;
	struct watched *w = watched_create("memory>200M and growth>50M/s", false);
	assert_int_equal(read_mib(w, 10), 0);
	assert_int_equal(read_mib(w, 150), 0);
	assert_int_equal(read_mib(w, 210), 1);
	free(w);
	w = watched_create("memory>200M and growth>50M/s", false);
	assert_int_equal(read_mib(w, 250), 0);
	assert_int_equal(read_mib(w, 301), 1);
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grammar), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_size),	cmocka_unit_test(test_memory),
		cmocka_unit_test(test_growth),	cmocka_unit_test(test_growth_against_model),
		cmocka_unit_test(test_both),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
