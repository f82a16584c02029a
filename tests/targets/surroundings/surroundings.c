/* What a program can see of its surroundings is as ever; two probed calls on the way. */
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "expect.h"

extern char **environ;

static int leaf(int x)
{
	return x + 1;
}

static void report_signals(void)
{
	sigset_t blocked;
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	for (int s = 1; s < 65; s++) {
		struct sigaction action;
		if (sigaction(s, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
			say("signal %d is not at its default", s);
		if (sigismember(&blocked, s) == 1)
			say("signal %d is blocked", s);
	}
}

int main(void)
{
	expect("calls leaf 2");
	cpu_set_t cpus;
	sched_getaffinity(0, sizeof(cpus), &cpus);
	int x = leaf(leaf(getppid() > 0));
	say("%d, cpus %d, nice %d, policy %d", x, CPU_COUNT(&cpus), getpriority(PRIO_PROCESS, 0),
	    sched_getscheduler(0));
	for (int resource = 0; resource < RLIM_NLIMITS; resource++) {
		struct rlimit limit;
		getrlimit(resource, &limit);
		say("limit %d: %ld %ld", resource, (long)limit.rlim_cur, (long)limit.rlim_max);
	}
	report_signals();
	for (char **variable = environ; *variable != NULL; variable++) {
		if (strncmp(*variable, "_=", 2) != 0)
			say("%s", *variable);
	}
	return 0;
}
