/* Unit tests of pairing: calls of one thread on several stacks. */
#include "tests/unit/tracer/call_stack_fixture.h"

/* Two fibers, one above and one below the other, each in a call while the other runs. */
static void test_fibers(void **state)
{
	struct fixture *t = *state;
	enter(t, &f, 5000, 1, false); /* on the lower one */
	enter(t, &g, 9000, 2, false); /* on the higher one: f looks thrown past */
	enter(t, &h, 4900, 3, false); /* back on the lower one */
	assert_true(leave(t, 3, 4900));
	assert_true(leave(t, 2, 9000));
	assert_true(leave(t, 1, 5000));
	assert_string_equal(t->log, "h1:ret@4 g0:ret@5 f0:ret@6 ");
}

/* Stacks that are known to be different ones: nothing is thrown past, and levels go on. */
static void test_other_stack_is_deeper(void **state)
{
	struct fixture *t = *state;
	has_small_stacks = true;
	enter(t, &f, 5000, 1, false);
	enter(t, &g, 9000, 2, false);
	assert_true(leave(t, 2, 9000));
	assert_true(leave(t, 1, 5000));
	assert_string_equal(t->log, "g1:ret@3 f0:ret@4 ");
}

/* f has a stack in its frame, and g goes there: h and what h calls, thrown past or not, do not end g. */
static void test_stack_within_a_frame(void **state)
{
	struct fixture *t = *state;
	inner_low = 800, inner_high = 900;
	enter(t, &f, 1000, 1, false);
	enter(t, &g, 700, 2, false);
	enter(t, &h, 890, 3, false);
	enter(t, &f, 850, 4, false);
	enter(t, &f, 860, 5, false); /* the last one was thrown past */
	assert_true(leave(t, 5, 860) && leave(t, 3, 890));
	enter(t, &h, 690, 6, false);
	assert_true(leave(t, 6, 690));
	assert_true(leave(t, 2, 700));
	assert_true(leave(t, 1, 1000));
	assert_string_equal(t->log, "f3:ret@6 h2:ret@7 h2:ret@9 g1:ret@10 f0:ret@11 ");
	call_stack_end_all(t->stack, CALL_EXIT, &t->now, &t->sink);
	assert_non_null(strstr(t->log, "f3:unwound@5 "));
}

/* The same, left for good and used again: the frame of the first h tells that it is over. */
static void test_stack_within_a_frame_again(void **state)
{
	struct fixture *t = *state;
	inner_low = 800, inner_high = 900;
	enter(t, &f, 1000, 1, false);
	for (int i = 0; i < 2; i++) {
		enter(t, &g, 700, 2, false);
		enter(t, &h, 890, 3, false);
		assert_true(leave(t, 2, 700));
	}
	assert_true(leave(t, 1, 1000));
	assert_string_equal(t->log, "g1:ret@4 h2:unwound@4 g1:ret@7 f0:ret@8 ");
	call_stack_end_all(t->stack, CALL_EXIT, &t->now, &t->sink);
	assert_non_null(strstr(t->log, "h2:unwound@7 "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_fibers),
		TEST(test_other_stack_is_deeper),
		TEST(test_stack_within_a_frame),
		TEST(test_stack_within_a_frame_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
