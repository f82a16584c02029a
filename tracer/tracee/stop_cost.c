/* The cost of an empty stop; see stop_cost.h. Tracee layer. */
#include "tracer/tracee/stop_cost.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tracer/arch/arch.h"
#include "tracer/base/clock.h"
#include "tracer/tracee/ptrace_ops.h"

enum {
	STOPS_FIRST = 16, /* not counted: pages and caches are cold */
	STOPS = 256,
	STOPS_LEAST = 16,
};
/* On a machine that is very busy fewer stops must do. */
static const int64_t PATIENCE_NS = 200000000;

/* The traced side: waits until it is traced. */
static void stop_often(int go_fd)
{
	char go;

	if (read(go_fd, &go, 1) != 1)
		_exit(1);
	for (;;)
		arch_trap();
}

static struct error *cpu_time(pid_t pid, int64_t *ret_ns)
{
	struct timespec time;
	clockid_t clock;

	int errnum = clock_getcpuclockid(pid, &clock);
	if (errnum == 0 && clock_gettime(clock, &time) < 0)
		errnum = errno;
	if (errnum != 0)
		return error_os(errnum, "read the CPU time of process %d", pid);
	*ret_ns = time.tv_sec * NS_PER_S + time.tv_nsec;
	return NULL;
}

static int compare_times(const void *left, const void *right)
{
	const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return (a > b) - (a < b);
}

static struct error *next_stop(pid_t pid)
{
	int status;

	struct error *err = ptrace_wait_for_stop(pid, &status);
	return err != NULL ? err : ptrace_cont(pid, 0);
}

/* The lower quartile: others wait for a processor that somebody else has. */
static struct error *measure(pid_t pid, struct stop_cost *ret)
{
	int64_t took_ns[STOPS], cpu_before_ns = 0, cpu_after_ns = 0;
	struct error *err = NULL;
	size_t count = 0;

	for (int i = 0; err == NULL && i < STOPS_FIRST; i++)
		err = next_stop(pid);
	if (err == NULL)
		err = cpu_time(pid, &cpu_before_ns);
	const int64_t start_ns = clock_now_ns();
	int64_t last_ns = start_ns;
	while (err == NULL && count < STOPS &&
	       (count < STOPS_LEAST || last_ns - start_ns < PATIENCE_NS)) {
		err = next_stop(pid);
		const int64_t now_ns = clock_now_ns();
		took_ns[count++] = now_ns - last_ns;
		last_ns = now_ns;
	}
	if (err == NULL)
		err = cpu_time(pid, &cpu_after_ns);
	if (err != NULL)
		return err;
	qsort(took_ns, count, sizeof(took_ns[0]), compare_times);
	ret->wall_ns = took_ns[count / 4];
	ret->cpu_ns = (cpu_after_ns - cpu_before_ns) / (int64_t)count;
	if (ret->cpu_ns > ret->wall_ns)
		ret->cpu_ns = ret->wall_ns;
	return NULL;
}

static struct error *trace(pid_t pid, int go_fd, struct stop_cost *ret)
{
	struct error *err = ptrace_seize(pid, (struct ptrace_wishes){ .kills_on_exit = true });

	if (err == NULL && write(go_fd, "g", 1) != 1)
		err = error_os(errno, "start a child");
	return err != NULL ? err : measure(pid, ret);
}

/* Killed, it may tell of its end first (PTRACE_EVENT_EXIT). */
static void end_child(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	while (ptrace_wait(pid, &status, 0, NULL) == pid && WIFSTOPPED(status))
		error_free(ptrace_cont(pid, 0));
}

struct error *stop_cost_measure(struct stop_cost *ret)
{
	int go[2];

	*ret = (struct stop_cost){ 0 };
	if (pipe(go) < 0)
		return error_os(errno, "pipe");
	pid_t pid = fork();
	if (pid == 0) {
		close(go[1]);
		stop_often(go[0]);
	}
	struct error *err = pid < 0 ? error_os(errno, "fork") : trace(pid, go[1], ret);
	if (pid > 0)
		end_child(pid);
	close(go[0]);
	close(go[1]);
	return err;
}
