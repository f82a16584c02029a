/* Unit tests of what a stop means, by its kind and by what is known of the thread. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tracer/loop/dispatch/stop_decision.h"

static const struct stop_facts KNOWN = { .is_traced = true };

static struct stop_decision decide(enum stop_kind kind, struct stop_facts facts)
{
	const struct stop stop = { .tid = 4711, .kind = kind, .signal = SIGUSR1 };
	return stop_decide(&stop, &facts);
}

static void test_each_kind_of_a_known_thread(void **state)
{
	(void)state;
	static const struct {
		enum stop_kind kind;
		enum stop_act act;
		int signal;
	} cases[] = {
		{ STOP_ENDED, ACT_END, 0 },	      { STOP_FORK, ACT_NEW_TRACEE, 0 },
		{ STOP_VFORK, ACT_NEW_TRACEE, 0 },    { STOP_CLONE, ACT_NEW_TRACEE, 0 },
		{ STOP_EXEC, ACT_EXEC, 0 },	      { STOP_EXIT, ACT_EXIT, 0 },
		{ STOP_GROUP, ACT_LISTEN, 0 },	      { STOP_EVENT, ACT_AFTER_INTERRUPT, 0 },
		{ STOP_SYSCALL, ACT_RESUME, 0 },      { STOP_TRAP, ACT_TRAP, SIGUSR1 },
		{ STOP_SIGNAL, ACT_SIGNAL, SIGUSR1 }, { STOP_OTHER, ACT_RESUME, 0 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stop_decision decision = decide(cases[i].kind, KNOWN);
		assert_int_equal(decision.act, cases[i].act);
		assert_int_equal(decision.signal, cases[i].signal);
		assert_int_equal(decision.is_vfork, cases[i].kind == STOP_VFORK);
		assert_false(decision.reads_calls || decision.tells_transfer);
	}
}

static void test_a_thread_that_is_not_known(void **state)
{
	(void)state;
	const struct stop_facts unknown = { 0 }, sampled = { .is_untraced = true };

	assert_int_equal(decide(STOP_EVENT, unknown).act, ACT_KEEP_EARLY);
	assert_int_equal(decide(STOP_TRAP, unknown).act, ACT_KEEP_EARLY);
	assert_int_equal(decide(STOP_ENDED, unknown).act, ACT_FORGET_EARLY);
	assert_int_equal(decide(STOP_ENDED, sampled).act, ACT_END_UNTRACED);
	/* It may have been another thread of the process that has called execve. */
	assert_int_equal(decide(STOP_EXEC, unknown).act, ACT_EXEC);
}

static void test_syscall_stops(void **state)
{
	(void)state;
	struct stop_facts facts = KNOWN;

	facts.awaits_sigreturn = true;
	assert_int_equal(decide(STOP_SYSCALL, facts).act, ACT_SIGRETURN);
	facts.is_leaving_exec = true;
	assert_int_equal(decide(STOP_SYSCALL, facts).act, ACT_EXEC_LEFT);
	facts.is_leaving_exec = false;
	facts.is_in_transfer = true; /* its system calls are ours */
	struct stop_decision decision = decide(STOP_SYSCALL, facts);
	assert_int_equal(decision.act, ACT_TRANSFER);
	assert_true(decision.tells_transfer);
	decision = decide(STOP_SIGNAL, facts); /* ends the transfer, and is delivered */
	assert_int_equal(decision.act, ACT_SIGNAL);
	assert_true(decision.tells_transfer);
}

static void test_an_unfollowed_process_is_left_at_a_quiet_stop(void **state)
{
	(void)state;
	const struct stop_facts facts = { .is_traced = true, .is_unfollowed = true };

	assert_int_equal(decide(STOP_EVENT, facts).act, ACT_LEAVE);
	assert_int_equal(decide(STOP_SIGNAL, facts).act, ACT_SIGNAL);
	assert_int_equal(decide(STOP_ENDED, facts).act, ACT_END);
}

static void test_calls_at_attach_are_read_at_the_first_stop(void **state)
{
	(void)state;
	const struct stop_facts facts = { .is_traced = true, .is_unread = true };

	assert_true(decide(STOP_EVENT, facts).reads_calls);
	assert_true(decide(STOP_TRAP, facts).reads_calls);
	assert_false(decide(STOP_EXIT, facts).reads_calls); /* its frames are left already */
	assert_false(decide(STOP_ENDED, facts).reads_calls);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_kind_of_a_known_thread),
		cmocka_unit_test(test_a_thread_that_is_not_known),
		cmocka_unit_test(test_syscall_stops),
		cmocka_unit_test(test_an_unfollowed_process_is_left_at_a_quiet_stop),
		cmocka_unit_test(test_calls_at_attach_are_read_at_the_first_stop),
	};
	return cmocka_run_group_tests_name("stop decision", tests, NULL, NULL);
}
