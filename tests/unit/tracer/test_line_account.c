/* Unit tests of what lines have gained: increments that add up, executions that are counted once. */
#include <stdlib.h>

#include "tests/unit/tracer/line_account_fixture.h"

static void each_difference_is_of_the_line_before(void **state)
{
	(void)state;
	struct line_activation *a = begin(0, 1000);
	reach(a, 110, 1, 1010);
	reach(a, 120, 2, 1510);
	reach(a, 130, 3, 1110);
	end(a, 1111);
	const int64_t gains[] = { 10, 500, -400, 1 };
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(gain(i), gains[i]);
	assert_int_equal(sum(), 111);
	assert_int_equal(account.calls, 1);
	assert_int_equal(account.first_bytes, 1000);
	assert_int_equal(account.tallies[1].last_bytes, 1510);
}

static void a_loop_counts_each_time(void **state)
{
	(void)state;
	struct line_activation *a = begin(0, 0);
	reach(a, 110, 1, 0); /* for: its beginning … */
	for (int i = 0; i < 5; i++) {
		reach(a, 140, 1, 0); /* … its condition … */
		reach(a, 120, 2, 0);
		reach(a, 130, 1, 0); /* … and its step */
	}
	reach(a, 140, 1, 0);
	reach(a, 150, 3, 0);
	for (int i = 0; i < 7; i++) /* a loop of one line */
		reach(a, 160, 65, 0);
	end(a, 0);
	assert_int_equal(executions(65), 7);
	assert_int_equal(executions(0), 1);
	assert_int_equal(executions(1), 6);
	assert_int_equal(executions(2), 5);
}

static void pieces_of_a_line_count_once(void **state)
{
	(void)state;
	struct line_activation *a = begin(0, 0);
	reach(a, 110, 1, 0);
	reach(a, 114, 2, 100);
	reach(a, 118, 1, 200);
	reach(a, 122, 2, 400);
	end(a, 800);
	assert_int_equal(executions(1), 1);
	assert_int_equal(executions(2), 1);
	assert_int_equal(gain(1), 100 + 200);
	assert_int_equal(gain(2), 100 + 400);
	assert_int_equal(sum(), 800);
}

/* As clang writes a loop that it does not optimise: its condition has no beginning of its own. */
static void unoptimised_lines_count_whenever_they_come(void **state)
{
	(void)state;
	account.is_optimised = false;
	struct line_activation *a = begin(0, 0);
	reach(a, 110, 1, 0);
	for (int i = 0; i < 5; i++) {
		reach(a, 120, 2, 0);
		reach(a, 125, 2, 0);
		reach(a, 130, 1, 0);
	}
	end(a, 0);
	assert_int_equal(executions(1), 6);
	assert_int_equal(executions(2), 5);
}

static void all_lines_at_one_address_are_counted(void **state)
{
	(void)state;
	struct line_activation *a = begin(0, 0);
	const uint32_t lines[] = { 4, 5, 6 };
	const struct line_stop at = { taddr(110), lines, 3, false };
	const struct line_reading now = read_of(10);
	line_activation_reach(a, &at, &now);
	end(a, 30);
	for (uint32_t i = 4; i <= 6; i++)
		assert_int_equal(executions(i), 1);
	assert_int_equal(gain(4) + gain(5), 0);
	assert_int_equal(gain(6), 20);
}

/* f allocates 100, calls itself, frees 30. */
static void recursion_charges_each_byte_once(void **state)
{
	(void)state;
	struct line_activation *levels[4];
	uint64_t bytes = 0;
	for (int i = 0; i < 4; i++) {
		levels[i] = begin(0, bytes);
		reach(levels[i], 110, 1, bytes);
		bytes += 100;
		reach(levels[i], 120, 2, bytes); /* the call */
		bytes += 1;			 /* of the call itself */
	}
	for (int i = 4; i-- > 0;) {
		reach(levels[i], 130, 3, bytes);
		bytes -= 30;
		end(levels[i], bytes);
	}
	assert_int_equal(gain(1), 400);
	assert_int_equal(gain(2), 4);
	assert_int_equal(gain(3), -120);
	assert_int_equal(sum(), (int64_t)bytes);
	assert_int_equal(executions(2), 4);
}

/* What another piece of the calling line does behind the call is no second execution. */
static void recursion_does_not_disturb_counts(void **state)
{
	(void)state;
	struct line_activation *outer = begin(0, 0);
	reach(outer, 110, 1, 0);
	reach(outer, 112, 2, 0);
	struct line_activation *inner = begin(0, 0);
	reach(inner, 110, 1, 0);
	reach(inner, 112, 2, 0);
	end(inner, 0);
	reach(outer, 114, 1, 0);
	end(outer, 0);
	assert_int_equal(executions(1), 2);
}

static void threads_are_apart(void **state)
{
	(void)state;
	struct line_activation *a = begin_on(1, 0, 0);
	struct line_activation *b = begin_on(2, 0, 10);
	reach(a, 110, 1, 20);
	reach(b, 110, 2, 30);
	end(a, 40);
	end(b, 50);
	assert_int_equal(gain(0), 20 + 20);
	assert_int_equal(gain(1), 20);
	assert_int_equal(gain(2), 20);
	assert_int_equal(sum(), 40 + 40);
}

static void held_readings_are_marked(void **state)
{
	(void)state;
	struct line_activation *a = begin(0, 0);
	const struct line_reading held = { .bytes = 10, .is_held = true };
	const uint32_t line = 2;
	const struct line_stop at = { taddr(120), &line, 1, false };
	reach(a, 110, 1, 0);
	line_activation_reach(a, &at, &held);
	reach(a, 130, 3, 20);
	end(a, 30);
	assert_int_equal(account.tallies[0].held_count, 0);
	assert_int_equal(account.tallies[1].held_count, 1);
	assert_int_equal(account.tallies[2].held_count, 1);
	assert_int_equal(account.tallies[3].held_count, 0);
	assert_int_equal(sum(), 30);
}

static void a_copy_begins_on_the_same_line(void **state)
{
	(void)state;
	struct line_account child;
	struct line_activation *a = begin(0, 0), *b;
	reach(a, 110, 1, 0);
	assert_null(line_account_init(&child, LINES, true));
	const struct line_reading now = read_of(100);
	assert_null(line_activation_copy(a, &child, 7, &now, &b));
	reach(b, 112, 1, 150);
	reach(b, 120, 2, 160);
	end(b, 170);
	assert_int_equal(child.tallies[1].increment_bytes, 60);
	assert_int_equal(child.tallies[1].count, 0);
	assert_int_equal(child.tallies[2].increment_bytes, 10);
	assert_int_equal(child.tallies[2].count, 1);
	line_account_deinit(&child);
	end(a, 1);
	assert_int_equal(sum(), 1);
}

/* Whatever happens, the increments of a thread add up to what its outermost activations gained. */
static void anything_adds_up(void **state)
{
	enum { DEPTH = 20, STEPS = 20000 };
	struct line_activation *stack[DEPTH];
	uint64_t bytes = 1 << 20, outermost_bytes = 0;
	int64_t expected = 0;
	unsigned depth = 0;

	(void)state;
	srand(13);
	for (int i = 0; i < STEPS; i++) {
		bytes += (uint64_t)(rand() % 2001 - 1000);
		const int what = rand() % 10;
		if (what < 3 && depth < DEPTH) {
			outermost_bytes = depth == 0 ? bytes : outermost_bytes;
			stack[depth++] = begin((uint32_t)rand() % LINES, bytes);
		} else if (what < 5 && depth > 0) {
			end(stack[--depth], bytes);
			expected += depth == 0 ? (int64_t)(bytes - outermost_bytes) : 0;
		} else if (what == 5 && depth > 2) { /* two are thrown past */
			pass(stack[depth - 2], bytes);
			pass(stack[depth - 1], bytes);
			end(stack[depth - 1], bytes);
			end(stack[depth - 2], bytes);
			depth -= 2;
		} else if (depth > 0)
			reach(stack[depth - 1], (uint64_t)rand() % 100, (uint32_t)rand() % LINES,
			      bytes);
	}
	while (depth > 0)
		end(stack[--depth], bytes);
	expected += (int64_t)(bytes - outermost_bytes);
	assert_int_equal(sum(), expected);
	assert_int_equal(account.gained_bytes, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_difference_is_of_the_line_before),
		TEST(a_loop_counts_each_time),
		TEST(pieces_of_a_line_count_once),
		TEST(unoptimised_lines_count_whenever_they_come),
		TEST(all_lines_at_one_address_are_counted),
		TEST(recursion_charges_each_byte_once),
		TEST(recursion_does_not_disturb_counts),
		TEST(threads_are_apart),
		TEST(held_readings_are_marked),
		TEST(a_copy_begins_on_the_same_line),
		TEST(anything_adds_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
