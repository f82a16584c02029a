/* Unit tests of the beat that ends a wait for stops: real time, a child that never ends, no ptrace. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/base/clock.h"
#include "tracer/loop/beat.h"
#include "tracer/tracee/ptrace_ops.h"

static const int64_t PERIOD_NS = 2000000;

static pid_t sleeper;
static struct beat beat;

static int begin(void **state)
{
	(void)state;
	sleeper = fork();
	if (sleeper == 0) {
		for (;;)
			pause();
	}
	beat_init(&beat);
	return sleeper > 0 && beat.is_there ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	beat_deinit(&beat);
	kill(sleeper, SIGKILL);
	return waitpid(sleeper, NULL, 0) == sleeper ? 0 : -1;
}

static void wait_for_beat(void)
{
	while (!beat_is_there())
		;
}

/* Nobody stops or ends: only a beat can end the wait. */
static void assert_wait_is_ended(void)
{
	int status;

	errno = 0;
	assert_int_equal(ptrace_wait_or_signal(-1, &status, NULL), -1);
	assert_int_equal(errno, EINTR);
}

static void test_ends_wait(void **state)
{
	(void)state;
	assert_true(beat_start(&beat, PERIOD_NS, PERIOD_NS));
	for (int i = 0; i < 20; i++) {
		assert_wait_is_ended();
		assert_true(beat_has_come());
	}
	beat_stop(&beat);
}

/* The beat comes after we have asked for it, and before the wait: the next one ends it. */
static void test_lost_beat(void **state)
{
	(void)state;
	assert_true(beat_start(&beat, PERIOD_NS, PERIOD_NS));
	for (int i = 0; i < 20; i++) {
		(void)beat_has_come();
		wait_for_beat();
		assert_wait_is_ended();
	}
	beat_stop(&beat);
}

/* Other waits do not end for it. */
static void test_other_wait(void **state)
{
	(void)state;
	int status;

	pid_t child = fork();
	if (child == 0) {
		usleep(20 * 2000);
		_exit(7);
	}
	assert_true(beat_start(&beat, PERIOD_NS, PERIOD_NS));
	assert_int_equal(ptrace_wait(child, &status, 0, NULL), child);
	beat_stop(&beat);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

static void test_stopped(void **state)
{
	(void)state;
	const struct timespec ten = { 0, 10 * PERIOD_NS };

	assert_true(beat_start(&beat, PERIOD_NS, PERIOD_NS));
	wait_for_beat();
	beat_stop(&beat);
	assert_false(beat_has_come());
	assert_int_equal(nanosleep(&ten, NULL), 0);
	assert_false(beat_has_come());
}

/* What somebody sends us is a beat like any other, and does nothing else. */
static void test_sent(void **state)
{
	(void)state;
	kill(getpid(), SIGXFSZ);
	assert_true(beat_has_come());
	assert_false(beat_has_come());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_ends_wait, begin, end),
		cmocka_unit_test_setup_teardown(test_lost_beat, begin, end),
		cmocka_unit_test_setup_teardown(test_other_wait, begin, end),
		cmocka_unit_test_setup_teardown(test_stopped, begin, end),
		cmocka_unit_test_setup_teardown(test_sent, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
