/* Unit tests of pairing entries with returns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tracer/probe/call_stack.h"

static struct probe f = { .name = "f" }, g = { .name = "g" }, h = { .name = "h" };

/* A stack, a clock that ticks with each event, and the ends so far as text: "f:ret@3 g:unwound@2 ". */
struct fixture {
	struct call_stack *stack;
	struct call_event now;
	struct call_sink sink;
	char log[512];
};

static void log_end(void *context, const struct call *call, enum call_end how,
		    const struct call_event *end)
{
	static const char *const names[] = { "ret", "unwound", "exit", "exec", "open" };
	struct fixture *t = context;
	size_t used = strlen(t->log);
	snprintf(t->log + used, sizeof(t->log) - used, "%s%u:%s@%ld ", call->probe->name, call->level,
		 names[how], (long)end->time_ns);
}

static int setup(void **state)
{
	struct fixture *t = calloc(1, sizeof(*t));
	assert_null(call_stack_create(&t->stack));
	t->sink = (struct call_sink){ log_end, t };
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *t = *state;
	call_stack_end_all(t->stack, CALL_EXIT, &t->now, &t->sink);
	call_stack_destroy(t->stack);
	free(t);
	return 0;
}

static bool enter(struct fixture *t, struct probe *probe, uint64_t cfa, uint64_t ret, bool reenters)
{
	bool is_new;
	t->now.time_ns++;
	assert_null(call_stack_enter(t->stack, probe, taddr(cfa), taddr(ret), reenters, &t->now,
				     &t->sink, &is_new));
	return is_new;
}

static bool leave(struct fixture *t, uint64_t pc, uint64_t sp)
{
	t->now.time_ns++;
	return call_stack_return(t->stack, taddr(pc), taddr(sp), &t->now, &t->sink);
}

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
	enter(t, &f, 1000, 1, false);
	enter(t, &g, 1000, 1, false);
	assert_true(leave(t, 1, 1000));
	assert_string_equal(t->log, "g1:ret@3 f0:ret@3 ");
}

/* even -> odd -> even -> … by jumps: bounded, and each counts. */
static void test_tail_call_chain(void **state)
{
	struct fixture *t = *state;
	for (int i = 0; i < 3; i++) {
		assert_true(enter(t, &f, 1000, 1, false));
		assert_true(enter(t, &g, 1000, 1, false));
	}
	assert_int_equal(t->stack->count, 2);
	assert_true(leave(t, 1, 1000));
	assert_int_equal(t->stack->count, 0);
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
	assert_true(leave(t, 1, 1016));
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
	assert_in_range(t->stack->count, 1, 300);
	t->log[0] = '\0';
}

static void test_fork_takes_open_calls(void **state)
{
	struct fixture *t = *state;
	struct call_stack *child;
	enter(t, &f, 1000, 1, false);
	enter(t, &g, 900, 2, false);
	t->now.time_ns = 50;
	assert_null(call_stack_fork(t->stack, &t->now, &child));
	assert_int_equal(child->count, 2);
	assert_true(child->calls[0].is_forked);
	assert_int_equal(child->calls[0].entry.time_ns, 50);
	call_stack_end_all(child, CALL_EXIT, &t->now, &t->sink);
	call_stack_destroy(child);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_nested),
		TEST(test_recursion),
		TEST(test_tail_call_ends_with_one_return),
		TEST(test_tail_call_chain),
		TEST(test_longjmp_then_same_frame),
		TEST(test_branch_to_own_entry_is_no_call),
		TEST(test_exception),
		TEST(test_fibers),
		TEST(test_reused_frame_ends_call),
		TEST(test_return_that_pops_arguments),
		TEST(test_return_frame),
		TEST(test_passed_calls_are_bounded),
		TEST(test_fork_takes_open_calls),
	};
	return cmocka_run_group_tests_name("call_stack", tests, NULL, NULL);
}
