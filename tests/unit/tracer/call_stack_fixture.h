/* What the unit tests of call_stack share: a stack of calls, what is told of the program, and how calls have ended. */
#ifndef TESTS_CALL_STACK_FIXTURE_H
#define TESTS_CALL_STACK_FIXTURE_H

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

static inline void log_end(void *context, const struct call *call, enum call_end how,
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

static inline taddr_t inner_stack(void *context, pid_t tid, taddr_t cfa, taddr_t outer)
{
	bool is_on_it = cfa.value > inner_low && cfa.value < inner_high;

	(void)context, (void)tid;
	return taddr(is_on_it && (outer.value == 0 || outer.value > inner_high) ? inner_high : 0);
}

static inline int setup(void **state)
{
	struct fixture *t = calloc(1, sizeof(*t));
	f_may_tail_call = has_small_stacks = false;
	inner_low = inner_high = 0;
	assert_null(call_stack_create(&t->stack));
	t->sink = (struct call_sink){ log_end, t };
	*state = t;
	return 0;
}

static inline int teardown(void **state)
{
	struct fixture *t = *state;
	call_stack_end_all(t->stack, CALL_EXIT, &t->now, &t->sink);
	call_stack_destroy(t->stack);
	free(t);
	return 0;
}

static inline bool same_stack(void *context, taddr_t a, taddr_t b)
{
	(void)context;
	return !has_small_stacks || a.value / 4096 == b.value / 4096;
}

static inline bool reenters(void *context, taddr_t function)
{
	(void)context;
	return f_reenters && function.value == (uintptr_t)&f;
}

static inline bool may_tail_call(void *context, taddr_t function)
{
	(void)context;
	return f_may_tail_call || function.value != (uintptr_t)&f;
}

static inline uint64_t popped_bytes(void *context, taddr_t function)
{
	(void)context;
	return function.value == (uintptr_t)&f ? 16 : 0;
}

static const struct call_facts facts = { same_stack,	inner_stack,  reenters,
					 may_tail_call, popped_bytes, NULL };

static inline bool enter(struct fixture *t, struct probe *probe, uint64_t cfa, uint64_t ret,
			 bool loops)
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

static inline bool leave(struct fixture *t, uint64_t pc, uint64_t sp)
{
	t->now.time_ns++;
	return call_stack_return(t->stack, taddr(pc), taddr(sp), &facts, &t->now, &t->sink);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

#endif
