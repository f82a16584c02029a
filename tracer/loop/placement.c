/* Where the engine runs; see placement.h. Loop layer. */
#include "tracer/loop/placement.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/base/clock.h"
#include "tracer/base/error.h"
#include "tracer/proc/proc_file.h"

enum {
	LOOK_EVERY_STOPS = 32,
	CPU_FIELD = 39, /* of /proc/PID/stat: proc(5) */
};
/* Following pays off when stops come as often as this. */
static const int64_t FAST_STOP_NS = 500000;
/*
 * SCHED_IDLE yields to all others: where they want the CPU, the target would wait for us as long as
 * their time slices are (3 ms and more). A gap of this length between stops ends the following: we
 * were kept waiting, or there is nothing to follow.
 */
static const int64_t GAP_NS = 2000000;
/* A stop across two CPUs of a virtual machine takes longer than this, one on one CPU does not. */
static const int64_t CROSSING_NS = 25000;
static const int64_t PAUSE_MIN_NS = 10000000;
static const int64_t PAUSE_MAX_NS = 2000000000;

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

static bool go_first(void)
{
	const struct sched_param parameter = { .sched_priority = sched_get_priority_min(SCHED_RR) };
	return sched_setscheduler(0, SCHED_RR, &parameter) == 0;
}

void placement_init(struct placement *placement, bool goes_first)
{
	*placement = (struct placement){ .cpu = -1, .pause_ns = PAUSE_MIN_NS };
	placement->is_possible =
		!(goes_first && go_first()) && sched_getscheduler(0) == SCHED_OTHER &&
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
}

void placement_tick(struct placement *placement)
{
	if (clock_now_ns() - placement->stopped_ns > GAP_NS)
		placement_leave(placement);
}

static int read_cpu(pid_t tid)
{
	char text[1024] = "";

	error_free(proc_read(text, sizeof(text), "/proc/%d/stat", tid));
	const char *field = strrchr(text, ')'); /* the end of field 2, which may hold anything */
	for (int i = 2; field != NULL && i < CPU_FIELD; i++)
		field = strchr(field + 1, ' ');
	return field == NULL ? -1 : atoi(field);
}

static void placement_follow(struct placement *placement, pid_t tid, int64_t now_ns)
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
	placement->cpu = cpu;
	if (placement->is_following)
		return;
	set_policy(SCHED_IDLE);
	placement->is_following = true;
	placement->followed_ns = now_ns;
}

/* The longer it went well, the sooner it is tried again. */
static void placement_pause(struct placement *placement, int64_t now_ns)
{
	placement_leave(placement);
	if (now_ns - placement->followed_ns > 10 * placement->pause_ns)
		placement->pause_ns = PAUSE_MIN_NS;
	else if (placement->pause_ns < PAUSE_MAX_NS)
		placement->pause_ns *= 2;
	placement->not_before_ns = now_ns + placement->pause_ns;
}

void placement_stop(struct placement *placement, pid_t tid)
{
	if (!placement->is_possible)
		return;
	int64_t now_ns = clock_now_ns();
	int64_t gap_ns = now_ns - placement->stopped_ns;

	placement->stopped_ns = now_ns;
	if (placement->is_following && gap_ns > GAP_NS)
		placement_pause(placement, now_ns);
	/* A slow stop: perhaps the target has been moved to another CPU. */
	bool is_moved = placement->is_following && gap_ns > CROSSING_NS;
	if (++placement->stops < LOOK_EVERY_STOPS && !is_moved)
		return;
	bool is_fast = now_ns - placement->looked_ns < LOOK_EVERY_STOPS * FAST_STOP_NS;
	placement->stops = 0;
	placement->looked_ns = now_ns;
	if (is_fast && now_ns >= placement->not_before_ns)
		placement_follow(placement, tid, now_ns);
}
