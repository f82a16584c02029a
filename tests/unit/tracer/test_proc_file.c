/* Unit tests of looks at /proc: what says that a process has ended, and looks without descriptors left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/base/reserve.h"
#include "tracer/base/retry.h"
#include "tracer/proc/proc_file.h"
#include "tracer/proc/process_facts.h"
#include "tracer/proc/signal_state.h"
#include "tracer/proc/thread_look.h"
#include "tracer/tracee/address_space.h"

/* The pid of a process that has been waited for. */
static pid_t gone_pid(void)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return pid;
}

static void assert_code(struct error *err, enum error_code code)
{
	assert_non_null(err);
	assert_int_equal(error_code(err), code);
	error_free(err);
}

static void test_gone(void **state)
{
	(void)state;
	const pid_t pid = gone_pid();
	struct process_facts facts;
	struct signal_state signals;
	struct thread_look look;
	bool is_traced = true;

	assert_code(process_facts_read(pid, &facts), ERR_GONE);
	assert_code(signal_state_read(pid, &signals), ERR_GONE);
	assert_code(thread_look(pid, pid, &look), ERR_GONE);
	assert_null(thread_is_traced_by_us(pid, &is_traced));
	assert_false(is_traced);
	assert_int_equal(process_parent(pid), 0);
}

/* Uses up all descriptors but those in reserve. Returns the lowest one, which it has opened. */
static int use_up_descriptors(void)
{
	const struct rlimit few = { 40, 40 };
	int fd, lowest = -1;

	reserve_fill();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	while ((fd = open("/dev/null", O_RDONLY)) >= 0)
		lowest = lowest < 0 ? fd : lowest;
	assert_int_equal(errno, EMFILE);
	assert_true(lowest > 0);
	return lowest;
}

static void look_with_reserve(void)
{
	struct process_facts facts;
	struct signal_state signals;
	char name[PROCESS_NAME_BYTES];
	struct address_space *space;
	static const char here[] = "here";
	char got[sizeof(here)];

	for (int i = 0; i < 20; i++) {
		assert_null(process_facts_read(getpid(), &facts));
		assert_int_equal(facts.thread_group, getpid());
		assert_null(signal_state_read(getpid(), &signals));
		process_name_read(getpid(), name);
		assert_string_not_equal(name, "?");
		assert_int_equal(thread_find_living(getpid()), getpid());
	}
	/* What would be kept open is opened for each access. */
	assert_null(address_space_open(getpid(), &space));
	assert_int_equal(space->mem_fd, -1);
	assert_null(address_space_read(space, taddr((uintptr_t)here), got, sizeof(got)));
	assert_string_equal(got, here);
	assert_null(address_space_check(space));
	address_space_close(space);
	/* Shortage is not the end of a process. */
	reserve_release();
	while (open("/dev/null", O_RDONLY) >= 0)
		;
	assert_code(process_facts_read(getpid(), &facts), ERR_FAILED);
	assert_code(signal_state_read(getpid(), &signals), ERR_FAILED);
}

/* In a child, which has the descriptors to itself. */
static void test_no_descriptors_left(void **state)
{
	(void)state;
	int status;

	pid_t pid = fork();
	if (pid == 0) {
		use_up_descriptors();
		look_with_reserve();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void test_retry(void **state)
{
	(void)state;
	unsigned tries = 0, count = 0;

	assert_false(retry_is_due(ESRCH, &tries));
	assert_false(retry_is_due(EPERM, &tries));
	assert_int_equal(tries, 0);
	while (retry_is_due(EAGAIN, &tries))
		count++;
	assert_in_range(count, 3, 100);
	assert_false(retry_is_due(EINTR, &tries));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_no_descriptors_left),
		cmocka_unit_test(test_retry),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
