/* Unit tests of what lines have gained by activations that do more than end: they are passed, or suspended and resumed. */
#include "tests/unit/tracer/line_account_fixture.h"

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
	const struct CMUnitTest tests[] = {
		TEST(what_was_passed_is_charged_up_to_then),
		TEST(what_is_left_ends_with_the_outer_one),
		TEST(one_that_was_passed_may_run_on),
		TEST(a_suspended_one_gains_nothing),
		TEST(a_resumed_one_is_inner),
		TEST(a_copy_is_suspended_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
