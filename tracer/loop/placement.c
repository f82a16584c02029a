/* Where the engine runs; see placement.h. Loop layer. */
#include "tracer/loop/placement.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include "tracer/base/clock.h"

enum {
	LOOK_EVERY_STOPS = 32,
	CPU_FIELD = 39, /* of /proc/PID/stat: proc(5) */
};
static const int64_t FAST_STOP_NS = 500000; /* following pays off when they come as often */
static const int64_t PAUSE_NS = 1000000000; /* after having been kept waiting */

static void set_policy(int policy)
{
	const struct sched_param parameter = { 0 };
	sched_setscheduler(0, policy, &parameter);
}

/* A child tries: once an unprivileged process is SCHED_IDLE, it cannot go back. */
static bool can_return_from_idle(void)
{
	int status;

	pid_t pid = fork();
	if (pid == 0) {
		const struct sched_param parameter = { 0 };
		bool went = sched_setscheduler(0, SCHED_IDLE, &parameter) == 0;
		_exit(went && sched_setscheduler(0, SCHED_OTHER, &parameter) == 0 ? 0 : 1);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

void placement_init(struct placement *placement)
{
	*placement = (struct placement){ .cpu = -1 };
	placement->schedstat_fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	placement->is_possible =
		placement->schedstat_fd >= 0 && sched_getscheduler(0) == SCHED_OTHER &&
		sched_getaffinity(0, sizeof(placement->own_cpus), &placement->own_cpus) == 0 &&
		CPU_COUNT(&placement->own_cpus) > 1 && can_return_from_idle();
}

static void placement_leave(struct placement *placement)
{
	if (!placement->is_following)
		return;
	placement->is_following = false;
	placement->cpu = -1;
	set_policy(SCHED_OTHER);
	sched_setaffinity(0, sizeof(placement->own_cpus), &placement->own_cpus);
}

void placement_deinit(struct placement *placement)
{
	placement_leave(placement);
	if (placement->schedstat_fd >= 0)
		close(placement->schedstat_fd);
}

void placement_tick(struct placement *placement)
{
	if (placement->stop_count == placement->count_at_tick)
		placement_leave(placement);
	placement->count_at_tick = placement->stop_count;
}

/* How long we have waited on a run queue so far: the second field (Documentation/scheduler). */
static uint64_t read_waited_ns(const struct placement *placement)
{
	char text[128];

	ssize_t got = pread(placement->schedstat_fd, text, sizeof(text) - 1, 0);
	if (got <= 0)
		return 0;
	text[got] = '\0';
	const char *second = strchr(text, ' ');
	return second == NULL ? 0 : strtoull(second, NULL, 10);
}

static int read_cpu(pid_t tid)
{
	char path[64], text[1024];

	snprintf(path, sizeof(path), "/proc/%d/stat", tid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ssize_t got = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (got <= 0)
		return -1;
	text[got] = '\0';
	const char *field = strrchr(text, ')'); /* the end of field 2, which may hold anything */
	for (int i = 2; field != NULL && i < CPU_FIELD; i++)
		field = strchr(field + 1, ' ');
	return field == NULL ? -1 : atoi(field);
}

static void placement_follow(struct placement *placement, pid_t tid)
{
	cpu_set_t one;
	int cpu = read_cpu(tid);

	if (cpu < 0 || (placement->is_following && cpu == placement->cpu) ||
	    !CPU_ISSET(cpu, &placement->own_cpus))
		return;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one) < 0)
		return;
	if (!placement->is_following)
		set_policy(SCHED_IDLE);
	placement->is_following = true;
	placement->cpu = cpu;
}

void placement_stop(struct placement *placement, pid_t tid)
{
	placement->stop_count++;
	if (!placement->is_possible || ++placement->stops < LOOK_EVERY_STOPS)
		return;
	int64_t now_ns = clock_now_ns();
	int64_t elapsed_ns = now_ns - placement->looked_ns;
	uint64_t waited_ns = read_waited_ns(placement);
	/* SCHED_IDLE yields to everybody: where others want the CPU it would starve the target. */
	bool was_kept_waiting = placement->is_following &&
				(int64_t)(waited_ns - placement->waited_ns) > elapsed_ns / 4;

	placement->stops = 0;
	placement->looked_ns = now_ns;
	placement->waited_ns = waited_ns;
	if (was_kept_waiting)
		placement->not_before_ns = now_ns + PAUSE_NS;
	if (was_kept_waiting || elapsed_ns > LOOK_EVERY_STOPS * FAST_STOP_NS)
		placement_leave(placement);
	else if (now_ns >= placement->not_before_ns)
		placement_follow(placement, tid);
}
