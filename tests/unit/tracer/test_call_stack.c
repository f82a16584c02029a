/* Unit tests of pairing entries with returns. */
#include "tests/unit/tracer/call_stack_fixture.h"

static void test_nested(void **state)
{
	struct fixture *t = *state;
	assert_true(enter(t, &f, 1000, 1, false));
	assert_true(enter(t, &g, 900, 2, false));
	assert_true(leave(t, 2, 900));
	assert_false(leave(t, 2, 900));
	assert_true(leave(t, 1, 1000));
	assert_string_equal(t->log, "g1:ret@3 f0:ret@5 ");
}

static void test_recursion(void **state)
{
	struct fixture *t = *state;
	for (uint64_t depth = 0; depth < 4; depth++)
		enter(t, &f, 1000 - depth * 16, 1, false);
	for (uint64_t depth = 4; depth-- > 0;)
		assert_true(leave(t, 1, 1000 - depth * 16));
	assert_string_equal(t->log, "f3:ret@5 f2:ret@6 f1:ret@7 f0:ret@8 ");
}

static void test_tail_call_ends_with_one_return(void **state)
{
	struct fixture *t = *state;
	f_may_tail_call = true;
	enter(t, &f, 1000, 1, false);
	enter(t, &g, 1000, 1, false);
	assert_true(leave(t, 1, 1000));
	assert_string_equal(t->log, "g1:ret@3 f0:ret@3 ");
}

/* f has no jump that leaves it: it was thrown past, and g called from the same place. */
static void test_same_frame_without_tail_call(void **state)
{
	struct fixture *t = *state;
	enter(t, &f, 1000, 1, false);
	enter(t, &g, 1000, 1, false);
	assert_true(leave(t, 1, 1000));
	assert_string_equal(t->log, "f0:unwound@2 g0:ret@3 ");
}

/* even -> odd -> even -> … by jumps: bounded, and each counts. */
static void test_tail_call_chain(void **state)
{
	struct fixture *t = *state;
	f_may_tail_call = true;
	for (int i = 0; i < 3; i++) {
		assert_true(enter(t, &f, 1000, 1, false));
		assert_true(enter(t, &g, 1000, 1, false));
	}
	assert_int_equal(t->stack->count, 2);
	assert_true(leave(t, 1, 1000));
	assert_string_equal(t->log, "g1:ret@3 f0:ret@3 g1:ret@5 f0:ret@5 g1:ret@7 f0:ret@7 ");
}

/* In one frame g has led to h, and has been thrown past. So does a later g there, which has not come round to the old h. */
static void test_tail_call_where_one_was_thrown_past(void **state)
{
	struct fixture *t = *state;
	enter(t, &f, 1000, 1, false);
	enter(t, &f, 900, 2, false);
	enter(t, &g, 800, 3, false);
	enter(t, &h, 800, 3, false);
	enter(t, &f, 900, 2, false); /* from where f has jumped to */
	enter(t, &g, 800, 3, false);
	enter(t, &h, 800, 3, false);
	assert_string_equal(t->log, "f1:unwound@5 ");
	assert_true(leave(t, 3, 800));
	assert_string_equal(t->log, "f1:unwound@5 h3:ret@8 g2:ret@8 h3:unwound@5 g2:unwound@5 ");
	assert_true(leave(t, 2, 900));
	assert_true(leave(t, 1, 1000));
}

static void test_longjmp_then_same_frame(void **state)
{
	struct fixture *t = *state;
	enter(t, &f, 1000, 1, false);
	enter(t, &f, 1000, 1, false);
	assert_string_equal(t->log, "f0:unwound@2 ");
	assert_true(leave(t, 1, 1000));
	assert_string_equal(t->log, "f0:unwound@2 f0:ret@3 ");
}

static void test_branch_to_own_entry_is_no_call(void **state)
{
	struct fixture *t = *state;
	assert_true(enter(t, &f, 1000, 1, true));
	assert_false(enter(t, &f, 1000, 1, true));
	assert_true(leave(t, 1, 1000));
	assert_string_equal(t->log, "f0:ret@3 ");
}

/* f calls g calls h, h throws, f catches and returns: g and h were thrown past. */
static void test_exception(void **state)
{
	struct fixture *t = *state;
	enter(t, &f, 1000, 1, false);
	enter(t, &g, 900, 2, false);
	enter(t, &h, 800, 3, false);
	assert_true(leave(t, 1, 1000));
	assert_int_equal(t->stack->open_count, 0);
	enter(t, &f, 1000, 1, false); /* levels do not count the passed ones */
	call_stack_end_all(t->stack, CALL_EXIT, &t->now, &t->sink);
	assert_string_equal(t->log, "f0:ret@4 f0:exit@5 h2:unwound@4 g1:unwound@4 ");
}

/* A thread ends: f was thrown past, g is a fiber's and may go on elsewhere, h ends with it. */
static void test_thread_ends(void **state)
{
	struct fixture *t = *state;
	struct call_stack *orphans;
	has_small_stacks = true;
	assert_null(call_stack_create(&orphans));
	enter(t, &h, 4090, 1, false);
	enter(t, &f, 4000, 2, false);
	enter(t, &g, 9000, 3, false);
	call_stack_pass_below(t->stack, taddr(4050), &facts, &t->now);
	assert_null(call_stack_move_others(t->stack, orphans, taddr(4050), &facts));
	call_stack_end_all(t->stack, CALL_EXIT, &t->now, &t->sink);
	assert_string_equal(t->log, "f1:unwound@3 h0:exit@3 ");
	assert_true(call_stack_return(orphans, taddr(3), taddr(9000), &facts, &t->now, &t->sink));
	call_stack_destroy(orphans);
}

static void test_reused_frame_ends_call(void **state)
{
	struct fixture *t = *state;
	enter(t, &f, 1000, 1, false);
	enter(t, &g, 1000, 2, false);
	assert_string_equal(t->log, "f0:unwound@2 ");
}

static void test_return_that_pops_arguments(void **state)
{
	struct fixture *t = *state;
	enter(t, &f, 1000, 1, false);
	assert_false(leave(t, 2, 1016));
	assert_false(leave(t, 1, 1024));
	assert_true(leave(t, 1, 1016));
	/* Nothing is popped by g: the address is only where its return would have led, and code that
	 * runs by can be the next function's. */
	enter(t, &g, 1000, 1, false);
	assert_false(leave(t, 1, 1016));
}

static void test_return_frame(void **state)
{
	struct fixture *t = *state;
	enter(t, &f, 1000, 1, false);
	assert_false(call_stack_return_frame(t->stack, taddr(992), &t->now, &t->sink));
	assert_true(call_stack_return_frame(t->stack, taddr(1000), &t->now, &t->sink));
}

static void test_passed_calls_are_bounded(void **state)
{
	struct fixture *t = *state;
	for (uint64_t i = 0; i < 10000; i++) {
		t->log[0] = '\0';
		enter(t, &f, 1000 + i * 16, 1, false);
	}
	assert_in_range(t->stack->count, 1, 4200);
	t->log[0] = '\0';
}

static void test_fork_takes_open_calls(void **state)
{
	struct fixture *t = *state;
	struct call_stack *child;
	enter(t, &f, 1000, 1, false);
	enter(t, &g, 900, 2, false);
	t->now.time_ns = 50;
	assert_null(call_stack_fork(t->stack, 77, &t->now, &child));
	assert_int_equal(child->count, 2);
	assert_true(child->calls[0].is_forked);
	assert_int_equal(child->calls[0].tid, 77);
	assert_int_equal(child->calls[0].entry.time_ns, 50);
	call_stack_end_all(child, CALL_EXIT, &t->now, &t->sink);
	call_stack_destroy(child);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nested),
		TEST(test_recursion),
		TEST(test_tail_call_ends_with_one_return),
		TEST(test_same_frame_without_tail_call),
		TEST(test_tail_call_chain),
		TEST(test_tail_call_where_one_was_thrown_past),
		TEST(test_thread_ends),
		TEST(test_longjmp_then_same_frame),
		TEST(test_branch_to_own_entry_is_no_call),
		TEST(test_exception),
		TEST(test_reused_frame_ends_call),
		TEST(test_return_that_pops_arguments),
		TEST(test_return_frame),
		TEST(test_passed_calls_are_bounded),
		TEST(test_fork_takes_open_calls),
	};
	return cmocka_run_group_tests_name("call_stack", tests, NULL, NULL);
}
