/* Unit tests of what is done about the stops of a real thread: loop/dispatch/dispatch.c. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/loop/dispatch/dispatch.h"
#include "tracer/loop/dispatch/family.h"
#include "tracer/loop/state/target_states.h"
#include "tracer/tracee/ptrace_ops.h"

/* A child that computes, as the only tracee of a session. */
struct fixture {
	struct session session;
	struct session_options options;
	struct tracee *tracee;
	pid_t pid;
};

static void fixture_init(struct fixture *fixture)
{
	struct process *process;

	*fixture = (struct fixture){ .pid = fork() };
	if (fixture->pid == 0) {
		alarm(60); /* should the test end first */
		for (;;)
			;
	}
	assert_true(fixture->pid > 0);
	fixture->session.options = &fixture->options;
	target_init(&fixture->session.target, &loop_target_states);
	assert_null(target_add_process(&fixture->session.target, fixture->pid, getpid(), &process));
	assert_null(target_add_tracee(&fixture->session.target, fixture->pid, process,
				      &fixture->tracee));
	assert_null(ptrace_seize(fixture->pid, (struct ptrace_wishes){ .kills_on_exit = true }));
}

static void fixture_deinit(struct fixture *fixture)
{
	kill(fixture->pid, SIGKILL);
	while (waitpid(fixture->pid, NULL, __WALL) > 0)
		error_free(ptrace_cont(fixture->pid, 0));
	target_deinit(&fixture->session.target);
}

/* Waits for the next stop, and deals with it. */
static struct stop next_stop(struct fixture *fixture)
{
	int status;

	assert_int_equal(waitpid(fixture->pid, &status, __WALL), fixture->pid);
	const struct stop stop = stop_decode(fixture->pid, status);
	assert_null(dispatch_stop(&fixture->session, &stop, NULL));
	return stop;
}

static bool is_silent(const struct fixture *fixture)
{
	const struct timespec pause = { 0, 50000000 };
	int status;

	nanosleep(&pause, NULL);
	return waitpid(fixture->pid, &status, __WALL | WNOHANG) == 0;
}

/* A thread is interrupted that is about to be stopped: the kernel makes one group-stop of both. */
static void test_a_group_stop_is_the_stop_of_an_interruption(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.tracee->is_interrupted = true; /* sent when it is resumed */
	kill(fixture.pid, SIGSTOP);
	assert_int_equal(next_stop(&fixture).kind, STOP_SIGNAL);
	assert_int_equal(next_stop(&fixture).kind, STOP_GROUP);
	assert_true(fixture.tracee->is_listening);
	assert_false(fixture.tracee->is_interrupted);
	/* It stays stopped, and says nothing more, until SIGCONT. */
	assert_true(is_silent(&fixture));
	kill(fixture.pid, SIGCONT);
	assert_int_equal(next_stop(&fixture).kind, STOP_EVENT);
	assert_int_equal(next_stop(&fixture).signal, SIGCONT);
	assert_true(is_silent(&fixture));
	fixture_deinit(&fixture);
}

/* SIGKILL, and the end, of a child that is not followed come before the event that tells of it. */
static void test_a_child_whose_end_was_told_is_not_waited_for(void **state)
{
	struct fixture fixture;
	struct tracee *child;

	(void)state;
	fixture_init(&fixture);
	const pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	const struct stop end = { .tid = pid, .kind = STOP_ENDED };
	assert_null(dispatch_stop(&fixture.session, &end, NULL));
	struct error *err = family_add(&fixture.session, fixture.tracee, pid, false, &child);
	assert_non_null(err);
	assert_int_equal(error_code(err), ERR_GONE);
	error_free(err);
	assert_null(target_process(&fixture.session.target, pid));
	assert_null(target_tracee(&fixture.session.target, pid));
	fixture_deinit(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_group_stop_is_the_stop_of_an_interruption),
		cmocka_unit_test(test_a_child_whose_end_was_told_is_not_waited_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
