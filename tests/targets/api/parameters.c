/* Every parameter of mprof_memory_usage(), as C11. usage: parameters */
#define _GNU_SOURCE
#include "check.h"

#include <errno.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double statm_mib(pid_t pid)
{
	char path[64];
	long size, resident;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	FILE *file = fopen(path, "r");
	CHECK(file != NULL && fscanf(file, "%ld %ld", &size, &resident) == 2);
	fclose(file);
	return (double)resident * (double)sysconf(_SC_PAGESIZE) / MIB;
}

static char state_of(pid_t pid)
{
	char path[64], state = '?';

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "r");
	CHECK(file != NULL && fscanf(file, "%*d (%*[^)]) %c", &state) == 1);
	fclose(file);
	return state;
}

/* A child that holds still with @mib MiB of its own: it sleeps, and touches nothing any more. */
static pid_t start_holder(size_t mib)
{
	int ready[2];
	char byte;

	CHECK(pipe(ready) == 0);
	pid_t pid = fork();
	if (pid == 0) {
		map_touched(mib);
		CHECK(write(ready[1], "", 1) == 1);
		for (;;)
			pause();
	}
	CHECK(read(ready[0], &byte, 1) == 1);
	close(ready[0]);
	close(ready[1]);
	while (state_of(pid) != 'S')
		sched_yield();
	return pid;
}

/* A child that has a child, which ends with it. */
static pid_t start_family(void)
{
	int ready[2];
	char byte;

	CHECK(pipe(ready) == 0);
	pid_t pid = fork();
	if (pid == 0 && fork() == 0) {
		CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
		CHECK(write(ready[1], "", 1) == 1);
	}
	while (pid == 0)
		pause();
	CHECK(read(ready[0], &byte, 1) == 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void end_holder(pid_t pid)
{
	kill(pid, SIGKILL);
	CHECK(waitpid(pid, NULL, 0) == pid);
}

static void *hold_64(void *argument)
{
	void *memory = map_touched(64);

	await_reading();
	unmap(memory, 64);
	return argument;
}

/* ---- What is measured ---- */

static void test_self(void)
{
	struct mprof_options options = defaults();
	struct mprof_result *result = measure(&options);

	CHECK(options.pid == MPROF_SELF);
	CHECK(result->count == 1 && result->measurements == 1 && result->iterations == 0);
	CHECK(is_near(result->mib[0], statm_mib(getpid())));
	CHECK(result->times_s == NULL && result->child_count == 0 && result->returned == NULL);
	CHECK(result->max_mib == result->mib[0] && result->pid == getpid());
	CHECK(result->status == -1 && !result->is_running);
	mprof_result_free(result);
}

static void test_pid(void)
{
	struct mprof_options options = defaults();
	pid_t pid = options.pid = start_holder(32);
	double before = statm_mib(pid);
	struct mprof_result *result = measure(&options);

	CHECK(result->count == 1 && result->pid == pid);
	CHECK(result->mib[0] == before); /* to the page */
	CHECK(before > 32);
	mprof_result_free(result);

	/* Five times in a second and not more; it ends meanwhile, then it is gone, then a zombie's pid is no more. */
	options.timeout_s = 0.5;
	result = measure(&options);
	CHECK(result->count >= 1 && result->count <= 5);
	mprof_result_free(result);
	kill(pid, SIGKILL);
	siginfo_t info;
	CHECK(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0);
	CHECK(measure_failing(&options, MPROF_ERROR_GONE, "process") == NULL);
	CHECK(waitpid(pid, NULL, 0) == pid);
	CHECK(measure_failing(&options, MPROF_ERROR_GONE, "No such process") == NULL);
}

/* Until it ends: at once, and not at the next reading. It ends when it has been read. */
static void test_pid_that_ends(void)
{
	struct mprof_options options = defaults();
	char text[4096] = "";
	size_t bytes = 0;
	int ends[2];

	CHECK(pipe(ends) == 0);
	options.pid = fork();
	if (options.pid == 0) {
		close(ends[1]);
		while (strstr(text, "\nMEM ") == NULL)
			bytes += (size_t)read(ends[0], text + bytes, sizeof(text) - 1 - bytes);
		_exit(0);
	}
	options.stream = fdopen(ends[1], "w");
	options.timeout_s = INFINITY;
	options.interval_s = 500;
	struct mprof_result *result = measure(&options);
	CHECK(result->count == 0 && result->measurements == 1 && result->max_mib > 0);
	mprof_result_free(result);
	fclose(options.stream);
	close(ends[0]);
	CHECK(waitpid(options.pid, NULL, 0) == options.pid);
	options.stream = NULL;
	options.pid = MPROF_SELF;
	CHECK(measure_failing(&options, MPROF_ERROR_USAGE, "does not end") == NULL);
}

static void test_function(void)
{
	struct mprof_options options = defaults();
	int argument;

	options.function = hold_64;
	options.argument = &argument;
	options.interval_s = 0.02;
	struct mprof_result *result = measure(&options);
	CHECK(result->count >= 3 && result->count == result->measurements);
	CHECK(result->iterations == 1 && result->pid == getpid());
	CHECK(result->returned == NULL); /* retval was not asked for */
	CHECK(is_near(result->max_mib, result->mib[0] + 64));
	CHECK(is_near(result->mib[result->count - 1], result->mib[0]));
	mprof_result_free(result);

	options.retval = 1;
	result = measure(&options);
	CHECK(result->returned == &argument);
	mprof_result_free(result);
}

static void test_command(void)
{
	struct mprof_options options = defaults();
	char *words[] = { (char *)"sh", (char *)"-c", (char *)"sleep 0.3; exit 3", NULL };

	options.command = words;
	options.interval_s = 0.05;
	struct mprof_result *result = measure(&options);
	CHECK(result->count >= 1 && result->max_mib > 0 && result->pid > 0);
	CHECK(result->status == 3 && !result->is_running);
	CHECK(waitpid(result->pid, NULL, 0) < 0 && errno == ECHILD);
	mprof_result_free(result);

	words[2] = (char *)"kill -9 $$";
	result = measure(&options);
	CHECK(result->status == 128 + SIGKILL);
	mprof_result_free(result);

	/* What does not end is the caller's. */
	words[2] = (char *)"exec sleep 600";
	options.timeout_s = 0.2;
	result = measure(&options);
	CHECK(result->is_running && result->status == -1 && result->count >= 1 &&
	      result->count <= 5);
	end_holder(result->pid);
	mprof_result_free(result);

	words[0] = (char *)"/no/such/program";
	CHECK(measure_failing(&options, MPROF_ERROR_COMMAND,
			      "run /no/such/program: No such file") == NULL);
	words[0] = (char *)"/etc/passwd";
	CHECK(measure_failing(&options, MPROF_ERROR_COMMAND, "Permission denied") == NULL);
	words[0] = NULL;
	CHECK(measure_failing(&options, MPROF_ERROR_USAGE, "no words") == NULL);
}

/* ---- When ---- */

static void test_times(void)
{
	const double wrong[] = { NAN, -NAN, -1, -0.1, INFINITY };
	struct mprof_options options = defaults();

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		options.interval_s = wrong[i];
		CHECK(measure_failing(&options, MPROF_ERROR_USAGE, "interval") == NULL);
	}
	options.interval_s = 0.1;
	options.timeout_s = NAN;
	CHECK(measure_failing(&options, MPROF_ERROR_USAGE, "timeout") == NULL);

	/* As often as is sensible. */
	options.interval_s = 0;
	options.timeout_s = 0.1;
	double start = now_s();
	struct mprof_result *result = measure(&options);
	CHECK(result->count > 1 && now_s() - start >= 0.09);
	mprof_result_free(result);
	options.interval_s = 1e-300;
	mprof_result_free(measure(&options));
	options.interval_s = 1e300;
	options.timeout_s = 0;
	result = measure(&options);
	CHECK(result->count == 0 && result->mib == NULL && result->max_mib == 0);
	mprof_result_free(result);

	options = defaults();
	options.function = hold_64;
	options.interval_s = 0;
	result = measure(&options);
	CHECK(result->count >= 3);
	mprof_result_free(result);
}

static void test_timestamps(void)
{
	struct mprof_options options = defaults();

	options.timestamps = 1;
	options.interval_s = 0.05;
	options.timeout_s = 0.2;
	double before = now_s();
	struct mprof_result *result = measure(&options);
	double last = before - 0.001;
	CHECK(result->times_s != NULL);
	for (size_t i = 0; i < result->count; i++) {
		CHECK(result->times_s[i] > last);
		last = result->times_s[i];
	}
	CHECK(last < now_s() + 0.001);
	mprof_result_free(result);
}

/* ---- What is kept ---- */

static void test_max_usage(void)
{
	struct mprof_options options = defaults();

	options.function = hold_64;
	options.interval_s = 0.02;
	options.max_usage = options.timestamps = 1;
	struct mprof_result *result = measure(&options);
	CHECK(result->count == 1 && result->mib[0] == result->max_mib && result->times_s[0] > 0);
	CHECK(result->measurements >= 3);
	CHECK(is_near(result->max_mib, statm_mib(getpid()) + 64));
	mprof_result_free(result);
}

static void test_children(void)
{
	struct mprof_options options = defaults();
	pid_t children[] = { start_holder(16), start_holder(48) };
	double own = statm_mib(getpid()), first = statm_mib(children[0]),
	       second = statm_mib(children[1]);

	options.multiprocess = 1;
	struct mprof_result *result = measure(&options);
	CHECK(result->count == 1 && is_near(result->mib[0], own) && result->child_count == 2);
	for (int i = 0; i < 2; i++) {
		CHECK(result->children[i].index == 0);
		CHECK(result->children[i].mib ==
		      (result->children[i].pid == children[0] ? first : second));
		CHECK(result->children[i].time_s > 1e9);
	}
	CHECK(result->children[0].pid != result->children[1].pid);
	mprof_result_free(result);

	options.multiprocess = 0;
	options.include_children = 1;
	result = measure(&options);
	CHECK(result->child_count == 0 && is_near(result->mib[0], own + first + second));
	mprof_result_free(result);
	end_holder(children[0]);
	end_holder(children[1]);

	/* A child of a child is one, too. */
	options = defaults();
	options.multiprocess = 1;
	children[0] = start_family();
	result = measure(&options);
	CHECK(result->child_count == 2 && result->children[0].pid == children[0]);
	children[1] = result->children[1].pid;
	CHECK(children[1] != children[0] && state_of(children[1]) != '?');
	mprof_result_free(result);
	end_holder(children[0]);
}

static void test_backends(void)
{
	static const char *const names[] = { "rss",    "pss",	     "uss",	   "vms",
					     "swap",   "anon",	     "rss+huge",   "PSS",
					     "psutil", "psutil_pss", "psutil_uss", "posix" };
	struct mprof_options options = defaults();
	double mib[sizeof(names) / sizeof(names[0])];

	options.pid = start_holder(32);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		options.backend = names[i];
		struct mprof_result *result = measure(&options);
		mib[i] = result->mib[0];
		mprof_result_free(result);
	}
	CHECK(mib[0] == statm_mib(options.pid) && mib[0] == mib[8] && mib[0] == mib[11]);
	/* Others that map the same libraries come and go. */
	CHECK(fabs(mib[1] - mib[7]) < 1 && fabs(mib[1] - mib[9]) < 1 && fabs(mib[2] - mib[10]) < 1);
	CHECK(mib[3] > mib[0] && mib[0] > mib[1] && mib[1] > mib[2] && mib[2] > 32);
	CHECK(mib[4] == 0 && mib[5] >= 32 && mib[5] < mib[0] && mib[6] == mib[0]);
	end_holder(options.pid);

	/* Where there are control groups, a child of the same is not counted once more. */
	struct mprof_result *alone, *together;
	options.pid = start_holder(1);
	options.backend = "cgroup";
	struct mprof_error *error = mprof_memory_usage(&options, &alone);
	const pid_t child = options.pid;
	options.pid = MPROF_SELF;
	options.include_children = options.multiprocess = 1;
	if (error == NULL) {
		together = measure(&options);
		CHECK(together->mib[0] < alone->mib[0] * 1.9 && together->child_count == 0);
		mprof_result_free(together);
	}
	mprof_result_free(alone);
	mprof_error_free(error);
	end_holder(child);

	options.backend = "tracemalloc";
	CHECK(measure_failing(&options, MPROF_ERROR_USAGE,
			      "no backend called 'tracemalloc': rss, ") == NULL);
}

static unsigned calls;

static void *count_call(void *argument)
{
	calls++;
	return argument;
}

static void test_max_iterations(void)
{
	struct mprof_options options = defaults();
	struct mprof_result *result;

	options.function = count_call;
	options.interval_s = 1000; /* no reading comes in between, however busy the machine is */
	result = measure(&options);
	CHECK(calls == 1 && result->iterations == 1 && result->count == 3);
	mprof_result_free(result);
	options.max_iterations = 3;
	result = measure(&options);
	CHECK(calls == 4 && result->iterations == 3 && result->count == 3);
	mprof_result_free(result);
	/* No end of it, but that of the intervals: 1000 s to 1 us. */
	options.max_iterations = 0;
	result = measure(&options);
	CHECK(result->iterations > 1 && result->iterations <= 10 &&
	      calls == 4 + result->iterations);
	mprof_result_free(result);
	options.timeout_s = 0;
	result = measure(&options);
	CHECK(result->iterations == 1);
	mprof_result_free(result);
	/* Long enough for five readings. */
	options = defaults();
	options.function = hold_64;
	options.max_iterations = 0;
	options.interval_s = 0.01;
	result = measure(&options);
	CHECK(result->count >= 5 || result->iterations > 1);
	mprof_result_free(result);
}

int main(void)
{
	test_self();
	test_pid();
	test_pid_that_ends();
	test_function();
	test_command();
	test_times();
	test_timestamps();
	test_max_usage();
	test_children();
	test_backends();
	test_max_iterations();
	puts("parameters: all as they should be");
	return 0;
}
