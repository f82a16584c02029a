/* Unit tests of pairing entries with returns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tracer/loop/pairing/call_stack.h"

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
	snprintf(t->log + used, sizeof(t->log) - used, "%s%u:%s@%ld ", call->probe->name,
		 call->level, names[how], (long)end->time_ns);
}

/* f reenters in one test; g and h end by jumps; stacks are 4096 bytes, aligned, in one test. */
static bool f_reenters, f_may_tail_call, has_small_stacks;

/* A stack within a frame; 0: there is none. */
static uint64_t inner_low, inner_high;

static taddr_t inner_stack(void *context, pid_t tid, taddr_t cfa, taddr_t outer)
{
	bool is_on_it = cfa.value > inner_low && cfa.value < inner_high;

	(void)context, (void)tid;
	return taddr(is_on_it && (outer.value == 0 || outer.value > inner_high) ? inner_high : 0);
}

static int setup(void **state)
{
	struct fixture *t = calloc(1, sizeof(*t));
	f_may_tail_call = has_small_stacks = false;
	inner_low = inner_high = 0;
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

static bool same_stack(void *context, taddr_t a, taddr_t b)
{
	(void)context;
	return !has_small_stacks || a.value / 4096 == b.value / 4096;
}

static bool reenters(void *context, taddr_t function)
{
	(void)context;
	return f_reenters && function.value == (uintptr_t)&f;
}

static bool may_tail_call(void *context, taddr_t function)
{
	(void)context;
	return f_may_tail_call || function.value != (uintptr_t)&f;
}

static uint64_t popped_bytes(void *context, taddr_t function)
{
	(void)context;
	return function.value == (uintptr_t)&f ? 16 : 0;
}

static const struct call_facts facts = { same_stack,	inner_stack,  reenters,
					 may_tail_call, popped_bytes, NULL };

static bool enter(struct fixture *t, struct probe *probe, uint64_t cfa, uint64_t ret, bool loops)
{
	bool is_new;
	t->now.time_ns++;
	f_reenters = loops;
	const struct call call = { .probe = probe,
				   .function = taddr((uintptr_t)probe),
				   .cfa = taddr(cfa),
				   .return_address = taddr(ret),
				   .entry = t->now };
	assert_null(call_stack_enter(t->stack, &call, &facts, &t->sink, &is_new));
	return is_new;
}

static bool leave(struct fixture *t, uint64_t pc, uint64_t sp)
{
	t->now.time_ns++;
	return call_stack_return(t->stack, taddr(pc), taddr(sp), &facts, &t->now, &t->sink);
}

/* An inlined call in the frame of its caller. */
static bool enter_inlined(struct fixture *t, struct probe *probe, uint64_t cfa, uint64_t ret,
			  bool may_come_back)
{
	bool is_new;
	t->now.time_ns++;
	const struct call call = { .probe = probe,
				   .function = taddr((uintptr_t)probe),
				   .cfa = taddr(cfa),
				   .return_address = taddr(ret),
				   .entry = t->now,
				   .is_inlined = true };
	assert_null(call_stack_enter_inlined(t->stack, &call, may_come_back, &facts, &t->sink,
					     &is_new));
	return is_new;
}

static void leave_inlined(struct fixture *t, const struct probe *probe, uint64_t cfa)
{
	t->now.time_ns++;
	call_stack_leave_inlined(t->stack, taddr((uintptr_t)probe), taddr(cfa), &t->now, &t->sink);
}

/* Beside its caller's own call, in each frame of a recursion, within each other, one after the other. */
static void test_inlined(void **state)
{
	struct fixture *t = *state;
	enter(t, &f, 1000, 1, false);
	assert_true(enter_inlined(t, &g, 1000, 1, false));
	enter(t, &f, 900, 2, false);
	assert_true(enter_inlined(t, &g, 900, 2, false));
	assert_true(enter_inlined(t, &h, 900, 2, false));
	leave_inlined(t, &h, 900);
	leave_inlined(t, &h, 900); /* others come there, too */
	leave_inlined(t, &g, 900);
	assert_true(enter_inlined(t, &h, 900, 2, false));
	leave_inlined(t, &h, 900);
	assert_true(leave(t, 2, 900));
	leave_inlined(t, &g, 1000);
	assert_true(leave(t, 1, 1000));
	assert_string_equal(t->log, "h4:ret@6 g3:ret@8 h3:ret@10 f2:ret@11 g1:ret@12 f0:ret@13 ");
}

/* Compilers mix the code of two: neither ends with the other. */
static void test_inlined_overlap(void **state)
{
	struct fixture *t = *state;
	enter_inlined(t, &g, 1000, 1, false);
	enter_inlined(t, &h, 1000, 1, false);
	leave_inlined(t, &g, 1000);
	leave_inlined(t, &h, 1000);
	assert_string_equal(t->log, "g0:ret@3 h1:ret@4 ");
}

/* Its beginning is come to again: the same call if its own code leads there, else it was left unseen. */
static void test_inlined_again(void **state)
{
	struct fixture *t = *state;
	assert_true(enter_inlined(t, &g, 1000, 1, true));
	assert_false(enter_inlined(t, &g, 1000, 1, true));
	assert_true(enter_inlined(t, &g, 1000, 1, false));
	assert_true(enter_inlined(t, &g, 1000, 7, true)); /* called from elsewhere: a new frame */
	leave_inlined(t, &g, 1000);
	assert_string_equal(t->log, "g0:unwound@3 g0:unwound@4 g0:ret@5 ");
}

/* The caller returns, or is thrown past: what was inlined in it is over. */
static void test_inlined_caller_ends(void **state)
{
	struct fixture *t = *state;
	enter(t, &f, 1000, 1, false);
	enter_inlined(t, &g, 1000, 1, false);
	assert_true(leave(t, 1, 1000));
	enter_inlined(t, &g, 1000, 1, false);
	enter(t, &h, 1000, 1, false); /* the frame is another function's now */
	assert_true(leave(t, 1, 1000));
	enter_inlined(t, &g, 900, 2, false);
	enter(t, &f, 1000, 1, false);
	leave_inlined(t, &g, 900); /* too late: its frame is gone */
	assert_string_equal(t->log, "g1:ret@3 f0:ret@3 g0:unwound@5 h0:ret@6 ");
	t->log[0] = '\0';
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
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_nested),
		TEST(test_inlined),
		TEST(test_inlined_overlap),
		TEST(test_inlined_again),
		TEST(test_inlined_caller_ends),
		TEST(test_recursion),
		TEST(test_tail_call_ends_with_one_return),
		TEST(test_same_frame_without_tail_call),
		TEST(test_tail_call_chain),
		TEST(test_other_stack_is_deeper),
		TEST(test_stack_within_a_frame),
		TEST(test_stack_within_a_frame_again),
		TEST(test_thread_ends),
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
