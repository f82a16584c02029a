/* Unit tests of pairing: calls that are inlined, in the frames of their callers. */
#include "tests/unit/tracer/call_stack_fixture.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_inlined),
		TEST(test_inlined_overlap),
		TEST(test_inlined_again),
		TEST(test_inlined_caller_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
