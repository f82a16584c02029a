/* Unit tests of sampling a set of processes: the test itself, its children, and made-up readings. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/sample/sampler.h"

static struct sampler sampler;

static int set_up(void **state)
{
	(void)state;
	sampler_init(&sampler, METRIC_RSS);
	sampler_start(&sampler, 0, 1000);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sampler_deinit(&sampler);
	return 0;
}

static pid_t start_child(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		for (;;)
			pause();
	}
	assert_true(pid > 0);
	return pid;
}

static void end_child(pid_t pid)
{
	assert_return_code(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void test_the_sum_is_that_of_all_meters(void **state)
{
	(void)state;
	const struct sampler_hooks hooks = { 0 };
	pid_t child = start_child();
	struct sampled_process own = { .pid = getpid() }, other = { .pid = child };
	bool is_any;

	assert_int_equal(sampler_take(&sampler, &hooks, &is_any), 0);
	assert_false(is_any);
	assert_null(sampler_open(&sampler, &own, own.pid));
	assert_null(sampler_open(&sampler, &other, child));
	uint64_t sum_bytes = sampler_take(&sampler, &hooks, &is_any);
	assert_true(is_any);
	assert_true(own.last_bytes > 0 && other.last_bytes > 0);
	assert_int_equal(sum_bytes, own.last_bytes + other.last_bytes);
	sampler_close(&sampler, &own);
	sampler_close(&sampler, &own); /* does nothing */
	assert_int_equal(sampler.processes.count, 1);
	sampler_close(&sampler, &other);
	end_child(child);
}

static void note_child(void *context, pid_t child, pid_t parent)
{
	assert_int_equal(parent, getpid());
	*(pid_t *)context = child;
}

static void test_children_are_found_and_end(void **state)
{
	(void)state;
	pid_t child = start_child(), found = 0;
	struct sampled_process process = { .pid = child };

	sampler_find_children(&sampler, getpid(), &found, note_child);
	assert_int_equal(found, child);
	assert_true(sampler_is_gone(&sampler, &process)); /* it is in no sampler yet */
	assert_null(sampler_open(&sampler, &process, child));
	found = 0;
	sampler_find_children(&sampler, getpid(), &found, note_child);
	assert_int_equal(found, 0);
	assert_false(sampler_is_gone(&sampler, &process));
	assert_return_code(kill(child, SIGKILL), 0);
	siginfo_t info;
	assert_return_code(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	assert_true(sampler_is_gone(&sampler, &process)); /* a zombie */
	sampler_close(&sampler, &process);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

enum { MANY = 256, STEADY_TICKS = 20 };

struct readings {
	unsigned count, recorded;
	const struct sampled_process *refused;
};

static bool read_made_up(void *context, struct sampled_process *process, uint64_t *ret_bytes)
{
	struct readings *readings = context;

	readings->count++;
	*ret_bytes = 10;
	return process != readings->refused;
}

static void record_made_up(void *context, const struct sampled_process *process, uint64_t bytes)
{
	struct readings *readings = context;

	assert_int_equal(process->last_bytes, bytes);
	readings->recorded++;
}

/* Of many processes those whose memory stays the same are read in turns; the sum counts them all. */
static void test_many_steady_processes_are_read_in_turns(void **state)
{
	(void)state;
	static struct sampled_process all[MANY];
	struct readings readings = { .refused = &all[1] };
	const struct sampler_hooks hooks = { &readings, read_made_up, record_made_up };
	bool is_any;

	for (int i = 0; i < MANY; i++) { /* their files are not read */
		all[i] = (struct sampled_process){ .pid = i + 1, .is_always_due = i == 0 };
		assert_null(addr_map_put(&sampler.processes, (uint64_t)all[i].pid, &all[i]));
	}
	assert_int_equal(sampler_take(&sampler, &hooks, &is_any), (MANY - 1) * 10);
	assert_int_equal(readings.count, MANY);
	assert_int_equal(readings.recorded, MANY - 1);
	for (int i = 0; i < STEADY_TICKS; i++) {
		sampler.grid.taken++;
		readings.count = 0;
		assert_int_equal(sampler_take(&sampler, &hooks, &is_any), (MANY - 1) * 10);
	}
	assert_true(readings.count >= 3 && readings.count <= MANY / 8 + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_the_sum_is_that_of_all_meters, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_children_are_found_and_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_many_steady_processes_are_read_in_turns,
						set_up, tear_down),
	};
	return cmocka_run_group_tests_name("sampler", tests, NULL, NULL);
}
