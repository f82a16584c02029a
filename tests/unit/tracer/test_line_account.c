/* Unit tests of what lines have gained: increments that add up, executions that are counted once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tracer/loop/lines/line_account.h"

enum { LINES = 70 };

static struct line_account account;

static int setup(void **state)
{
	(void)state;
	assert_null(line_account_init(&account, LINES, true));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	line_account_deinit(&account);
	return 0;
}

static struct line_reading read_of(uint64_t bytes)
{
	return (struct line_reading){ .bytes = bytes };
}

static struct line_activation *begin_on(uint64_t runner, uint32_t line, uint64_t bytes)
{
	struct line_activation *ret;
	const struct line_stop at = { taddr(100), &line, 1 };
	const struct line_reading now = read_of(bytes);

	assert_null(line_activation_begin(&account, runner, &at, true, &now, &ret));
	return ret;
}

static struct line_activation *begin(uint32_t line, uint64_t bytes)
{
	return begin_on(1, line, bytes);
}

static void reach(struct line_activation *activation, uint64_t address, uint32_t line,
		  uint64_t bytes)
{
	const struct line_stop at = { taddr(address), &line, 1 };
	const struct line_reading now = read_of(bytes);

	line_activation_reach(activation, &at, &now);
}

static void end(struct line_activation *activation, uint64_t bytes)
{
	const struct line_reading now = read_of(bytes);

	line_activation_end(activation, &now);
}

static void pass(struct line_activation *activation, uint64_t bytes)
{
	const struct line_reading now = read_of(bytes);

	line_activation_pass(activation, &now);
}

static void suspend(struct line_activation *activation, uint64_t bytes)
{
	const struct line_reading now = read_of(bytes);

	line_activation_suspend(activation, &now);
}

static void resume_on(struct line_activation *activation, uint64_t runner, uint64_t bytes)
{
	const struct line_reading now = read_of(bytes);

	line_activation_resume(activation, runner, &now);
}

static int64_t gain(uint32_t line)
{
	return account.tallies[line].increment_bytes;
}

static uint64_t executions(uint32_t line)
{
	return account.tallies[line].count;
}

static int64_t sum(void)
{
	int64_t ret = 0;
	for (uint32_t i = 0; i < LINES; i++)
		ret += gain(i);
	return ret;
}

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
	const struct line_stop at = { taddr(110), lines, 3 };
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

/* longjmp out of two inner activations: found out when the outer one runs on. */
static void what_was_passed_is_charged_up_to_then(void **state)
{
	(void)state;
	struct line_activation *a = begin(0, 0);
	reach(a, 110, 1, 0);
	struct line_activation *b = begin(0, 5);
	reach(b, 110, 2, 5);
	struct line_activation *c = begin(0, 6);
	reach(c, 110, 3, 7);
	pass(b, 20); /* in any order */
	pass(c, 20);
	reach(a, 120, 4, 50);
	end(a, 60);
	end(c, 20);
	end(b, 20);
	assert_int_equal(gain(0), 0 + 0 + 1);
	assert_int_equal(gain(1), 5 + 30); /* the call, and what came behind it */
	assert_int_equal(gain(2), 1);
	assert_int_equal(gain(3), 13);
	assert_int_equal(gain(4), 10);
	assert_int_equal(sum(), 60);
}

/* Likewise, when the outer one has returned before anything was found out. */
static void what_is_left_ends_with_the_outer_one(void **state)
{
	(void)state;
	struct line_activation *a = begin(0, 0);
	struct line_activation *b = begin(1, 5);
	struct line_activation *c = begin(2, 6);
	end(a, 60);
	pass(b, 60);
	pass(c, 60);
	end(b, 60);
	end(c, 60);
	assert_int_equal(sum(), 60);
	assert_int_equal(gain(2), 54);
}

static void one_that_was_passed_may_run_on(void **state)
{
	(void)state;
	struct line_activation *a = begin(0, 0);
	pass(a, 10);
	reach(a, 110, 1, 30);
	end(a, 35);
	assert_int_equal(gain(0), 30);
	assert_int_equal(gain(1), 5);
}

static void held_readings_are_marked(void **state)
{
	(void)state;
	struct line_activation *a = begin(0, 0);
	const struct line_reading held = { .bytes = 10, .is_held = true };
	const uint32_t line = 2;
	const struct line_stop at = { taddr(120), &line, 1 };
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

/* A generator: what comes while it is suspended is none of its line's, whoever resumes it. */
static void a_suspended_one_gains_nothing(void **state)
{
	(void)state;
	struct line_activation *generator = begin_on(1, 3, 1000);
	suspend(generator, 1100);
	assert_null(line_account_running(&account, 1));
	resume_on(generator, 2, 5000);
	assert_ptr_equal(line_account_running(&account, 2), generator);
	resume_on(generator, 2, 5500); /* it was resumed already: charged at the next reading */
	reach(generator, 200, 4, 5600);
	suspend(generator, 5700);
	end(generator, 9000); /* closed while it is suspended */
	assert_int_equal(gain(3), 700);
	assert_int_equal(gain(4), 100);
	assert_int_equal(account.gained_bytes, 800);
}

/* A generator of the function itself runs within another call: each byte is charged once. */
static void a_resumed_one_is_inner(void **state)
{
	(void)state;
	struct line_activation *generator = begin(1, 0);
	suspend(generator, 10);
	struct line_activation *consumer = begin(2, 10);
	resume_on(generator, 1, 20);
	suspend(generator, 50);
	end(consumer, 60);
	resume_on(generator, 1, 100);
	end(generator, 107);
	assert_int_equal(gain(1), 10 + 30 + 7);
	assert_int_equal(gain(2), 10 + 10);
}

/* A fork copies it as it is. */
static void a_copy_is_suspended_too(void **state)
{
	(void)state;
	struct line_account child;
	struct line_activation *copy;
	const struct line_reading now = read_of(50);
	struct line_activation *generator = begin(1, 0);
	suspend(generator, 10);
	assert_null(line_account_init(&child, LINES, true));
	assert_null(line_activation_copy(generator, &child, 9, &now, &copy));
	assert_null(line_account_running(&child, 9));
	resume_on(copy, 9, 60);
	end(copy, 65);
	assert_int_equal(child.gained_bytes, 5);
	line_account_deinit(&child);
	end(generator, 10);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(each_difference_is_of_the_line_before),
		TEST(a_loop_counts_each_time),
		TEST(pieces_of_a_line_count_once),
		TEST(unoptimised_lines_count_whenever_they_come),
		TEST(all_lines_at_one_address_are_counted),
		TEST(recursion_charges_each_byte_once),
		TEST(recursion_does_not_disturb_counts),
		TEST(threads_are_apart),
		TEST(what_was_passed_is_charged_up_to_then),
		TEST(what_is_left_ends_with_the_outer_one),
		TEST(one_that_was_passed_may_run_on),
		TEST(held_readings_are_marked),
		TEST(a_copy_begins_on_the_same_line),
		TEST(anything_adds_up),
		TEST(a_suspended_one_gains_nothing),
		TEST(a_resumed_one_is_inner),
		TEST(a_copy_is_suspended_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
