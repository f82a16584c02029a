/* Unit tests of calls that are told by marks, alone and beside calls with frames: call_stack_marked.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/loop/pairing/call_stack.h"

/* What has ended, as text: name, level, how. */
struct log {
	char text[512];
};

static void log_ended(void *context, const struct call *call, enum call_end how,
		      const struct call_event *end)
{
	static const char *const words[] = { "ret", "unwound", "exit", "exec", "open" };
	struct log *log = context;
	size_t used = strlen(log->text);

	(void)end;
	snprintf(log->text + used, sizeof(log->text) - used, "%s%u %s;", call->probe->name,
		 call->level, words[how]);
}

static bool on_one_stack(void *context, taddr_t a, taddr_t b)
{
	(void)context, (void)a, (void)b;
	return true;
}

static taddr_t no_stack(void *context, pid_t tid, taddr_t cfa, taddr_t outer)
{
	(void)context, (void)tid, (void)cfa, (void)outer;
	return taddr(0);
}

static bool never(void *context, taddr_t function)
{
	(void)context, (void)function;
	return false;
}

static uint64_t nothing(void *context, taddr_t function)
{
	(void)context, (void)function;
	return 0;
}

static const struct call_facts facts = { on_one_stack, no_stack, never, never, nothing, NULL };
static const struct call_event now = { .time_ns = 1, .memory_bytes = 1 };

struct fixture {
	struct log log;
	struct call_sink sink;
	struct call_stack *stack;
	struct probe a, b;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	fixture->sink = (struct call_sink){ log_ended, &fixture->log };
	fixture->a.name = strdup("a");
	fixture->b.name = strdup("b");
	*state = fixture;
	return fixture == NULL || call_stack_create(&fixture->stack) != NULL;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	call_stack_end_all(fixture->stack, CALL_EXIT, &now, &fixture->sink);
	call_stack_destroy(fixture->stack);
	free(fixture->a.name);
	free(fixture->b.name);
	free(fixture);
	return 0;
}

static void enter_marked(struct fixture *fixture, struct probe *probe, uint64_t id)
{
	const struct call call = { .probe = probe, .mark_id = id, .entry = now };
	assert_null(call_stack_enter_marked(fixture->stack, &call));
}

static bool leave_marked(struct fixture *fixture, const struct probe *probe, uint64_t id,
			 enum call_end how)
{
	return call_stack_leave_marked(fixture->stack, probe, id, how, &now, &fixture->sink);
}

static void enter_frame(struct fixture *fixture, struct probe *probe, uint64_t cfa)
{
	bool is_new;
	const struct call call = { .probe = probe,
				   .function = taddr(0x1000),
				   .cfa = taddr(cfa),
				   .return_address = taddr(0x2000),
				   .entry = now };
	assert_null(call_stack_enter(fixture->stack, &call, &facts, &fixture->sink, &is_new));
	assert_true(is_new);
}

static bool return_frame(struct fixture *fixture, uint64_t cfa)
{
	return call_stack_return(fixture->stack, taddr(0x2000), taddr(cfa), &facts, &now,
				 &fixture->sink);
}

static void test_recursion_ends_innermost_first(void **state)
{
	struct fixture *fixture = *state;

	enter_marked(fixture, &fixture->a, 0);
	enter_marked(fixture, &fixture->a, 0);
	assert_true(leave_marked(fixture, &fixture->a, 0, CALL_UNWOUND));
	assert_true(leave_marked(fixture, &fixture->a, 0, CALL_RETURNED));
	assert_false(leave_marked(fixture, &fixture->a, 0, CALL_RETURNED));
	assert_string_equal(fixture->log.text, "a1 unwound;a0 ret;");
}

static void test_coroutines_overlap(void **state)
{
	struct fixture *fixture = *state;

	enter_marked(fixture, &fixture->a, 7);
	enter_marked(fixture, &fixture->a, 8);
	assert_true(leave_marked(fixture, &fixture->a, 7, CALL_RETURNED));
	enter_marked(fixture, &fixture->a, 9); /* on the level that has become free */
	assert_true(leave_marked(fixture, &fixture->a, 8, CALL_RETURNED));
	assert_false(leave_marked(fixture, &fixture->b, 9, CALL_RETURNED));
	assert_true(leave_marked(fixture, &fixture->a, 9, CALL_RETURNED));
	assert_string_equal(fixture->log.text, "a0 ret;a1 ret;a0 ret;");
}

/* A coroutine outlives the native call in which it was begun. */
static void test_frames_return_past_marked_calls(void **state)
{
	struct fixture *fixture = *state;

	enter_frame(fixture, &fixture->b, 0x9000);
	enter_marked(fixture, &fixture->a, 7);
	enter_frame(fixture, &fixture->b, 0x8000);
	assert_true(return_frame(fixture, 0x8000));
	assert_true(return_frame(fixture, 0x9000));
	assert_true(leave_marked(fixture, &fixture->a, 7, CALL_RETURNED));
	assert_string_equal(fixture->log.text, "b2 ret;b0 ret;a1 ret;");
}

/* What an exception or longjmp has thrown past is found out by frames, never by marks. */
static void test_thrown_frames_leave_marked_calls_open(void **state)
{
	struct fixture *fixture = *state;

	enter_marked(fixture, &fixture->a, 0);
	enter_frame(fixture, &fixture->b, 0x8000);
	enter_frame(fixture, &fixture->b, 0x9000); /* the one at 0x8000 was thrown past */
	call_stack_pass_below(fixture->stack, taddr(0xf000), &facts, &now);
	assert_true(leave_marked(fixture, &fixture->a, 0, CALL_RETURNED));
	assert_string_equal(fixture->log.text, "a0 ret;");
}

static void test_fork_copies_them(void **state)
{
	struct fixture *fixture = *state;
	struct call_stack *child;

	enter_marked(fixture, &fixture->a, 7);
	assert_null(call_stack_fork(fixture->stack, 42, &now, &child));
	assert_true(call_stack_leave_marked(child, &fixture->a, 7, CALL_RETURNED, &now,
					    &fixture->sink));
	call_stack_destroy(child);
	assert_int_equal(fixture->stack->marked_count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_recursion_ends_innermost_first, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_coroutines_overlap, setup, teardown),
		cmocka_unit_test_setup_teardown(test_frames_return_past_marked_calls, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_thrown_frames_leave_marked_calls_open, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_fork_copies_them, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
