/* Where the engine runs; see placement.h. Loop layer. */
#include "tracer/loop/state/placement.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/base/clock.h"
#include "tracer/base/error.h"
#include "tracer/proc/proc_file.h"

enum { CPU_FIELD = 39 }; /* of /proc/PID/stat: proc(5) */

/*
 * The target must not wait for us, however busy the machine is: a real-time process of the lowest priority,
 * where that is permitted (CAP_SYS_NICE, RLIMIT_RTPRIO).
 */
static bool take_usual_policy(void)
{
	const struct sched_param first = { .sched_priority = sched_get_priority_min(SCHED_RR) };
	const struct sched_param other = { 0 };

	return sched_setscheduler(0, SCHED_RR, &first) == 0 ||
	       sched_setscheduler(0, SCHED_OTHER, &other) == 0;
}

static bool take_idle_policy(void)
{
	const struct sched_param idle = { 0 };
	return sched_setscheduler(0, SCHED_IDLE, &idle) == 0;
}

/* A child tries: once an unprivileged process is SCHED_IDLE, it cannot go back. */
static bool can_return_from_idle(void)
{
	int status;
	pid_t got;

	pid_t pid = fork();
	if (pid == 0)
		_exit(take_idle_policy() && take_usual_policy() ? 0 : 1);
	if (pid < 0)
		return false;
	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	return got == pid && status == 0;
}

/*
 * Nanoseconds that we were ready to run and did not: the second field of /proc/self/schedstat
 * (Documentation/scheduler/sched-stats.rst). -1: the kernel does not count them, or says nothing.
 */
static int64_t read_waited(const struct placement *placement)
{
	unsigned long long ran_ns, waited_ns;
	char text[128];

	ssize_t got = pread(placement->wait_fd, text, sizeof(text) - 1, 0);
	if (got <= 0)
		return -1;
	text[got] = '\0';
	if (sscanf(text, "%llu %llu", &ran_ns, &waited_ns) != 2 || ran_ns == 0)
		return -1;
	return (int64_t)waited_ns;
}

/* How long we have waited since the last time that was asked; 0 as long as nobody was followed. */
static int64_t take_waited(struct placement *placement)
{
	int64_t before_ns = placement->waited_ns;

	if (placement->wait_fd < 0)
		return 0;
	placement->waited_ns = read_waited(placement);
	return placement->waited_ns - before_ns;
}

/*
 * Others want the CPUs, when more tasks are ready to run than there are CPUs for them beside the target
 * and us, who take turns on one. The fourth field of /proc/loadavg (proc(5)) counts both of us.
 */
static bool is_crowded(void)
{
	char text[128];
	int ready;

	struct error *err = proc_read(text, sizeof(text), "/proc/loadavg");
	bool is_read = err == NULL && sscanf(text, "%*s %*s %*s %d/", &ready) == 1;
	error_free(err);
	return is_read && ready > get_nprocs() + 1;
}

void placement_init(struct placement *placement, bool may_follow)
{
	*placement = (struct placement){ .cpu = -1, .wait_fd = -1 };
	if (sched_getscheduler(0) != SCHED_OTHER)
		return; /* the user's choice */
	take_usual_policy();
	placement->is_possible = may_follow && sched_getaffinity(0, sizeof(placement->own_cpus),
								 &placement->own_cpus) == 0;
}

static void go_back(struct placement *placement)
{
	if (!placement->is_following)
		return;
	placement->is_following = false;
	placement->cpu = -1;
	take_usual_policy();
	sched_setaffinity(0, sizeof(placement->own_cpus), &placement->own_cpus);
}

void placement_leave(struct placement *placement)
{
	placement->stopped_ns = 0;
	go_back(placement);
	follow_trials_leave(&placement->trials);
}

void placement_deinit(struct placement *placement)
{
	go_back(placement);
	if (placement->wait_fd >= 0)
		close(placement->wait_fd);
	placement->wait_fd = -1;
}

void placement_tick(struct placement *placement)
{
	if (placement->is_following &&
	    follow_trials_is_long(&placement->trials, clock_now_ns() - placement->stopped_ns))
		placement_leave(placement);
}

static int read_cpu(pid_t tid)
{
	char text[1024];

	error_free(proc_read(text, sizeof(text), "/proc/%d/stat", tid));
	const char *field = strrchr(text, ')'); /* the end of field 2, which may hold anything */
	for (int i = 2; field != NULL && i < CPU_FIELD; i++)
		field = strchr(field + 1, ' ');
	return field == NULL ? -1 : atoi(field);
}

/* Whether we are on @cpu, where the target is. */
static bool go_to(struct placement *placement, int cpu)
{
	cpu_set_t one;

	if (cpu < 0 || !CPU_ISSET(cpu, &placement->own_cpus))
		return false;
	if (placement->is_following && cpu == placement->cpu)
		return true;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one) < 0)
		return false;
	placement->cpu = cpu;
	if (!placement->is_following)
		take_idle_policy();
	placement->is_following = true;
	return true;
}

/* The target may have been moved to another CPU. Whether we had to go there, or may not. */
static bool go_after(struct placement *placement, pid_t tid)
{
	int cpu = read_cpu(tid);
	bool has_moved = cpu != placement->cpu;

	follow_trials_looked(&placement->trials, has_moved);
	if (has_moved && !go_to(placement, cpu))
		placement_leave(placement);
	return has_moved;
}

/* The first time that it would pay is soon enough to ask: most programs are not stopped so often. */
static bool can_follow(struct placement *placement)
{
	if (placement->wait_fd >= 0)
		return true;
	placement->wait_fd = proc_openat(AT_FDCWD, "/proc/self/schedstat", O_RDONLY);
	placement->waited_ns = read_waited(placement);
	placement->is_possible = placement->waited_ns >= 0 && can_return_from_idle();
	return placement->is_possible;
}

static void window_end(struct placement *placement, pid_t tid, int64_t now_ns)
{
	struct follow_trials *trials = &placement->trials;

	take_waited(placement); /* short waits are part of what a stop costs */
	if (follow_trials_doubts_window(trials) && go_after(placement, tid))
		return;
	bool is_held_back = follow_trials_is_due(trials, now_ns) && is_crowded();
	enum follow_way way = follow_trials_decide(trials, is_held_back, now_ns);
	if (is_held_back)
		follow_trials_hold_back(trials, clock_now_ns() - now_ns, now_ns);
	if (way == FOLLOW_NOT)
		go_back(placement);
	else if (!placement->is_following &&
		 !(can_follow(placement) && go_to(placement, read_cpu(tid))))
		placement_leave(placement);
}

/* Much more than a stop lay between the last two. The target may have slept; if we waited, that is ours. */
static void look_at_long_gap(struct placement *placement, int64_t gap_ns, int64_t now_ns)
{
	int64_t waited_ns = take_waited(placement);

	if (waited_ns > gap_ns) /* some of it before this gap */
		waited_ns = gap_ns;
	if (follow_trials_wait(&placement->trials, waited_ns, now_ns))
		go_back(placement);
}

void placement_stop(struct placement *placement, pid_t tid)
{
	if (!placement->is_possible)
		return;
	int64_t now_ns = clock_now_ns();
	int64_t gap_ns = now_ns - placement->stopped_ns;
	bool is_first = placement->stopped_ns == 0;

	placement->stopped_ns = now_ns;
	if (is_first)
		return;
	if (follow_trials_is_long(&placement->trials, gap_ns))
		look_at_long_gap(placement, gap_ns, now_ns);
	if (follow_trials_doubts_gap(&placement->trials, gap_ns) && go_after(placement, tid))
		return;
	if (follow_trials_note(&placement->trials, gap_ns))
		window_end(placement, tid, now_ns);
}
