/* Unit tests of what the stack pointer says of calls: which one a thread is in, and which ones are over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tracer/loop/pairing/call_stack.h"

static struct probe f = { .name = "f" }, g = { .name = "g" }, h = { .name = "h" };
static struct call_stack *stack;
static struct call_event now;
static struct line_account account;
static char ends[256]; /* "f:ret@3 g:unwound@2 " */

static void note_end(void *context, const struct call *call, enum call_end how,
		     const struct call_event *end)
{
	const size_t used = strlen(ends);
	const struct line_reading reading = call_event_reading(end);

	(void)context;
	snprintf(ends + used, sizeof(ends) - used, "%s:%s@%ld ", call->probe->name,
		 how == CALL_RETURNED ? "ret" : "unwound", (long)end->time_ns);
	line_activation_end(call->lines, &reading);
}

static const struct call_sink sink = { note_end, NULL };

/* Stacks are a MiB each. */
static bool same_stack(void *context, taddr_t a, taddr_t b)
{
	(void)context;
	return a.value >> 20 == b.value >> 20;
}

static taddr_t inner_stack(void *context, pid_t tid, taddr_t cfa, taddr_t outer)
{
	(void)context, (void)tid, (void)cfa, (void)outer;
	return taddr(0);
}

static bool never(void *context, taddr_t function)
{
	(void)context, (void)function;
	return false;
}

/* In one test, of g. */
static bool g_may_tail_call;

static bool may_tail_call(void *context, taddr_t function)
{
	(void)context;
	return g_may_tail_call && function.value == (uintptr_t)&g;
}

static uint64_t popped_bytes(void *context, taddr_t function)
{
	(void)context, (void)function;
	return 0;
}

static const struct call_facts facts = { same_stack,	inner_stack,  never,
					 may_tail_call, popped_bytes, NULL };

static int setup(void **state)
{
	(void)state;
	ends[0] = '\0';
	g_may_tail_call = false;
	now = (struct call_event){ 0 };
	assert_null(line_account_init(&account, 1, false));
	return call_stack_create(&stack) == NULL ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	call_stack_end_all(stack, CALL_EXIT, &now, &sink);
	call_stack_destroy(stack);
	line_account_deinit(&account);
	return 0;
}

static void enter(struct probe *probe, uint64_t cfa, uint64_t ret)
{
	bool is_new;
	const struct call call = { .probe = probe,
				   .function = taddr((uintptr_t)probe),
				   .cfa = taddr(cfa),
				   .return_address = taddr(ret),
				   .entry = now };
	const uint32_t line = 0;
	const struct line_stop at = { taddr(1), &line, 1, false };
	const struct line_reading reading = call_event_reading(&now);

	now.time_ns++;
	assert_null(call_stack_enter(stack, &call, &facts, &sink, &is_new));
	if (probe == &f)
		assert_null(line_activation_begin(&account, 1, &at, true, &reading,
						  &stack->calls[stack->count - 1].lines));
}

static bool leave(uint64_t pc, uint64_t sp)
{
	now.time_ns++;
	return call_stack_return(stack, taddr(pc), taddr(sp), &facts, &now, &sink);
}

/* The frame of the call of f that a thread is in with @sp; 0: none. */
static uint64_t running(uint64_t sp)
{
	now.time_ns++;
	const struct call *call = call_stack_running(stack, &account, taddr(sp), &facts, &now);
	return call == NULL ? 0 : call->cfa.value;
}

/*
 * g is thrown past, and called from the same place again. It returns, and a signal leads the thread back to where it
 * has returned: what was thrown past has not returned there.
 */
static void a_return_that_is_met_twice(void **state)
{
	(void)state;
	enter(&f, 1000, 1);
	enter(&g, 900, 2);
	enter(&f, 1000, 1); /* 3: longjmp to the caller of f, which calls it again */
	enter(&g, 900, 2);
	assert_true(leave(2, 900));
	assert_false(leave(2, 900));
	assert_true(leave(1, 1000));
	assert_string_equal(ends, "f:unwound@2 g:ret@5 g:unwound@2 f:ret@7 ");
}

static void the_nearest_frame_above_runs(void **state)
{
	(void)state;
	enter(&f, 1000, 1);
	enter(&g, 900, 2);
	enter(&f, 800, 3);
	assert_int_equal(running(700), 800);
	assert_int_equal(running(792), 800);
	assert_int_equal(stack->open_count, 3);
	/* It runs in the outer one again: what it has called is over. */
	assert_int_equal(running(950), 1000);
	assert_int_equal(stack->open_count, 1);
	assert_int_equal(running(1000), 0);
}

/* What was called last is on another stack, and may be there still. */
static void another_stack_says_nothing(void **state)
{
	(void)state;
	enter(&f, 1000, 1);
	enter(&f, (1 << 20) + 500000, 2);
	assert_int_equal(running(900), 1000);
	assert_int_equal(running((1 << 20) + 400000), (1 << 20) + 500000);
	assert_int_equal(stack->open_count, 2);
}

/* A handler on a stack of its own jumps past what it has interrupted: it is over when that is. */
static void a_handler_goes_with_what_it_interrupted(void **state)
{
	const uint64_t other_stack = 1 << 20;

	(void)state;
	enter(&f, 1000, 1);
	enter(&g, 900, 2);
	enter(&g, other_stack + 500, 3);
	assert_int_equal(running(950), 1000);
	assert_int_equal(stack->open_count, 1);
	enter(&g, 900, 4);
	assert_string_equal(ends, "g:unwound@4 ");
	assert_true(leave(4, 900));
	assert_true(leave(1, 1000));
	ends[0] = '\0';
}

static void one_that_was_passed_may_run_still(void **state)
{
	(void)state;
	enter(&f, 1000, 1);
	call_stack_pass_below(stack, taddr(1000), &facts, &now);
	assert_int_equal(stack->open_count, 0);
	assert_int_equal(running(900), 1000);
}

/*
 * A signal comes to f before its first instruction, and its handler runs a fiber further up in the same mapping. It comes
 * round to f again: that is the same call, which returns once.
 */
static void a_fiber_comes_round(void **state)
{
	(void)state;
	enter(&f, 1000, 1);
	enter(&g, 5000, 2);
	assert_int_equal(stack->open_count, 1);
	assert_false(call_stack_resume(stack, &g, taddr(1000)));
	assert_true(call_stack_resume(stack, &f, taddr(1000)));
	assert_true(call_stack_resume(stack, &f, taddr(1000)));
	assert_int_equal(stack->open_count, 2);
	assert_true(leave(1, 1000));
	assert_true(leave(2, 5000));
	assert_string_equal(ends, "f:ret@3 g:ret@4 ");
}

/* So with h, to which g has led by a tail call: g goes on, too. What was thrown past in that frame before does not. */
static void a_fiber_comes_round_to_a_tail_call(void **state)
{
	(void)state;
	g_may_tail_call = true;
	enter(&f, 1000, 1);
	enter(&g, 900, 2);
	enter(&f, 1000, 1); /* from the same place again */
	enter(&g, 900, 2);
	enter(&h, 900, 2);
	enter(&f, 5000, 3);
	ends[0] = '\0';
	assert_int_equal(stack->open_count, 1);
	assert_true(call_stack_resume(stack, &h, taddr(900)));
	assert_int_equal(stack->open_count, 3);
	assert_true(leave(2, 900));
	assert_string_equal(ends, "h:ret@7 g:ret@7 g:unwound@2 ");
}

/* A handler on a stack of its own is left by a jump, and comes again: what was called on the other since goes on. */
static void a_handler_comes_again(void **state)
{
	const uint64_t other_stack = 1 << 20;

	(void)state;
	enter(&g, 1000, 1);
	enter(&f, 900, 2);
	enter(&g, other_stack + 500, 3);
	enter(&f, 900,
	      4); /* by the caller of what was interrupted, to which the handler has jumped */
	assert_int_equal(stack->open_count, 2);
	enter(&g, other_stack + 500, 3);
	assert_int_equal(stack->open_count, 3);
	enter(&f, other_stack + 400, 5);
	assert_int_equal(stack->open_count, 4);
	assert_true(leave(5, other_stack + 400));
	assert_true(leave(3, other_stack + 500));
	assert_true(leave(4, 900));
	assert_int_equal(stack->open_count, 1);
	assert_string_equal(ends, "f:unwound@3 g:unwound@3 f:ret@7 g:ret@8 f:ret@9 ");
}

/* The same, with nothing open where it is left for: what is called there later goes on, too. */
static void a_handler_comes_again_later(void **state)
{
	const uint64_t other_stack = 1 << 20;

	(void)state;
	enter(&f, 1000, 1);
	assert_true(leave(1, 1000));
	enter(&g, other_stack + 500, 3); /* and jumps */
	enter(&f, 1000, 1);
	enter(&f, 900, 2);
	enter(&g, other_stack + 500, 3);
	assert_int_equal(stack->open_count, 3);
	assert_true(leave(3, other_stack + 500));
	assert_true(leave(2, 900));
	assert_true(leave(1, 1000));
	assert_string_equal(ends, "f:ret@2 g:unwound@5 g:ret@7 f:ret@8 f:ret@9 ");
}

/*
 * Nothing but handlers is called first: where the thread's first stack is has been asked. With evidence of a jump by then:
 * what was passed on the handlers' stack says nothing of what was called on the other later.
 */
static void handlers_come_first(void **state)
{
	const uint64_t other_stack = 1 << 20;

	(void)state;
	stack->first_cfa = taddr(2000);
	enter(&g, other_stack + 500, 3);
	enter(&f, other_stack + 400, 5); /* which jumps */
	enter(&g, 1000, 1);
	enter(&g, other_stack + 500, 3); /* and jumps to the caller of what it has interrupted */
	assert_int_equal(stack->open_count, 2);
	enter(&g, 1000, 1);
	enter(&f, 900, 2);
	assert_int_equal(stack->open_count, 2);
	enter(&g, other_stack + 600, 3);
	assert_int_equal(stack->open_count, 3);
	assert_true(leave(3, other_stack + 600));
	assert_true(leave(2, 900));
	assert_true(leave(1, 1000));
	ends[0] = '\0';
}

/* The same, of a thread of which that is not known: what has been passed is no evidence anew. */
static void what_was_passed_says_no_more(void **state)
{
	const uint64_t other_stack = 1 << 20;

	(void)state;
	enter(&g, other_stack + 500, 3);
	enter(&f, other_stack + 400, 5); /* which jumps */
	enter(&g, other_stack + 600, 3);
	assert_true(leave(3, other_stack + 600));
	enter(&g, 1000, 1);
	enter(&g, other_stack + 600, 3);
	assert_int_equal(stack->open_count, 2);
	assert_true(leave(3, other_stack + 600));
	assert_true(leave(1, 1000));
	ends[0] = '\0';
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_return_that_is_met_twice),
		TEST(the_nearest_frame_above_runs),
		TEST(another_stack_says_nothing),
		TEST(one_that_was_passed_may_run_still),
		TEST(a_fiber_comes_round),
		TEST(a_fiber_comes_round_to_a_tail_call),
		TEST(a_handler_goes_with_what_it_interrupted),
		TEST(a_handler_comes_again),
		TEST(a_handler_comes_again_later),
		TEST(handlers_come_first),
		TEST(what_was_passed_says_no_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
