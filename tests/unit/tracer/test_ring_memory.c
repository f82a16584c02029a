/* Unit tests of loop/hit/ring_memory and loop/state/held_tally: which memory of pads counts, and what is held. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/loop/hit/ring_memory.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/sample/memory_usage.h"

enum { AGE = 100, HELD_BYTES = 12345 };

static struct session_options options;
static struct session session;
static struct process_state state;
static struct process process;
static struct pad_area pads;
static struct ring ring;

/* A process whose memory was read as HELD_BYTES, and pads that may keep memory for AGE ticks. */
static void begin(enum metric metric)
{
	options = (struct session_options){ .metric = metric };
	session = (struct session){ .options = &options };
	state = (struct process_state){ 0 };
	process = (struct process){ .pid = getpid(), .state = &state };
	pads = (struct pad_area){ .statm_fd = 7, .ages = { AGE, AGE }, .memory_age_kept = AGE };
	ring = (struct ring){ 0 };
	assert_null(memory_meter_open(getpid(), metric, &state.memory.sampled.meter));
	state.memory.last_bytes = HELD_BYTES;
}

static void end(void)
{
	memory_meter_close(state.memory.sampled.meter);
}

/* The memory at @tsc, in pages, when the pad has read @length bytes of @text; NULL: nothing. Or -1: it is held. */
static int64_t take(uint64_t tsc, const char *text, int32_t length)
{
	struct arch_pad_memory memory = { .length = length, .mark = ARCH_PAD_MEMORY_MARK };
	const struct arch_pad_record record = { .tsc = tsc };
	struct call_event when = { .time_ns = 1 };
	const uint64_t known_bytes = state.memory.last_bytes;

	if (text != NULL)
		memcpy(memory.text, text, strnlen(text, sizeof(memory.text)));
	ring_memory_take(&session, &process, &pads, &ring, &record, text == NULL ? NULL : &memory,
			 &when);
	assert_int_equal(when.time_ns, 1);
	if (!when.is_held)
		return (int64_t)(when.memory_bytes / (uint64_t)sysconf(_SC_PAGESIZE));
	assert_int_equal(when.memory_bytes, known_bytes);
	return -1;
}

static void test_reading_counts_as_long_as_it_is_young(void **state_of_test)
{
	(void)state_of_test;
	begin(METRIC_RSS);
	assert_int_equal(take(900, NULL, 0), -1); /* nothing was read yet */
	assert_int_equal(take(1000, "5000 300 20 1 0 30 0\n", 21), 300);
	assert_int_equal(take(1000 + AGE, NULL, 0), 300);
	assert_int_equal(take(1000 + AGE + 1, NULL, 0), -1);
	assert_int_equal(take(1500, "5000 301 20 1 0 30 0\n", 21), 301);
	assert_int_equal(take(1499, NULL, 0), -1); /* by a counter that goes back it is of no age */
	assert_int_equal(session.held.total, 3);
	assert_non_null(strstr(session.held.rows[1].why, "stopped"));
	end();
}

static void test_what_is_no_reading(void **state_of_test)
{
	(void)state_of_test;
	begin(METRIC_RSS);
	assert_int_equal(take(1000, "5000 300 20 1 0 30 0\n", 21), 300);
	/* That fails, that ends at once, of another file: each may hold an old text. */
	assert_int_equal(take(2000, "5000 300 20 1 0 30 0\n", -EBADF), -1);
	assert_int_equal(take(2010, "5000 300 20 1 0 30 0\n", 0), -1);
	assert_int_equal(take(2020, "root:x:0:0:root:/root:/b", 24), -1);
	/* Behind what was read is what the slot held before. */
	assert_int_equal(take(3000, "5000 300 20 1 0 30 0\nxyz", 21), 300);
	assert_int_equal(take(4000, "5000 300 20 1 0 30 0\nxyz", 24), -1);
	assert_int_equal(session.held.row_count, 1);
	assert_non_null(strstr(session.held.rows[0].why, "has failed"));
	end();
}

/* While pads read, what they have summed up has memory as young as that of records. */
static void test_summed_calls(void **state_of_test)
{
	(void)state_of_test;
	const uint64_t page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	bool is_held;

	begin(METRIC_RSS);
	assert_int_equal(take(1000, "5000 300 20 1 0 30 0\n", 21), 300);
	assert_int_equal(ring_memory_summed(&session, &process, &pads, &ring, 10, &is_held),
			 300 * page_bytes);
	assert_false(is_held);
	assert_int_equal(session.held.total, 0);
	state.memory.last_bytes = HELD_BYTES;
	pads.ages.usual = UINT64_MAX;
	pads.memory_refusal = "filtered";
	assert_int_equal(ring_memory_summed(&session, &process, &pads, &ring, 10, &is_held),
			 HELD_BYTES);
	assert_true(is_held);
	assert_int_equal(session.held.total, 2 * 10);
	assert_string_equal(session.held.rows[0].why, "filtered");
	end();
}

static void test_reasons(void **state_of_test)
{
	(void)state_of_test;
	begin(METRIC_RSS);
	pads.memory_refusal = "filtered";
	assert_int_equal(take(1000, NULL, 0), -1);
	assert_string_equal(session.held.rows[0].why, "filtered");
	end();
	begin(METRIC_ANON);
	assert_int_equal(ring_memory_ages(&session).usual, UINT64_MAX);
	assert_int_equal(take(1000, "5000 300 20 1 0 30 0\n", 21), -1);
	assert_non_null(strstr(session.held.rows[0].why, "does not have it"));
	end();
	begin(METRIC_RSS);
	end();
	state.memory.sampled.meter = NULL;
	state.memory.last_bytes = 0;
	assert_int_equal(take(1000, "5000 300 20 1 0 30 0\n", 21), -1);
	assert_non_null(strstr(session.held.rows[0].why, "not recorded"));
}

static void test_tally(void **state_of_test)
{
	(void)state_of_test;
	struct held_tally tally = { 0 };
	char text[64], few[8];

	held_tally_note(&tally, "a", 1);
	held_tally_reasons(&tally, text, sizeof(text));
	assert_string_equal(text, "a");
	held_tally_note(&tally, "b", 1);
	held_tally_note(&tally, "b", 1);
	held_tally_reasons(&tally, text, sizeof(text));
	assert_string_equal(text, "2: b; 1: a");
	held_tally_reasons(&tally, few, sizeof(few));
	assert_string_equal(few, "2: b; 1");
	static const char names[HELD_TALLY_ROWS][2] = { "c", "d", "e", "f", "g", "h", "i", "j" };
	for (size_t i = 0; i < HELD_TALLY_ROWS; i++)
		held_tally_note(&tally, names[i], 1);
	assert_int_equal(tally.row_count, HELD_TALLY_ROWS);
	assert_int_equal(tally.total, 3 + HELD_TALLY_ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading_counts_as_long_as_it_is_young),
		cmocka_unit_test(test_what_is_no_reading),
		cmocka_unit_test(test_summed_calls),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_tally),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
