/* A program moves itself from CPU to CPU, and is where it wants to be; so is its child. */
#include <sched.h>
#include <sys/wait.h>

#include "expect.h"

static int is_on(int cpu)
{
	return sched_getcpu() == cpu;
}

static int moves_itself(void)
{
	cpu_set_t all, one;
	int wrong = 0;
	sched_getaffinity(0, sizeof(all), &all);
	for (int round = 0; round < 5; round++) {
		for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
			if (!CPU_ISSET(cpu, &all))
				continue;
			CPU_ZERO(&one);
			CPU_SET(cpu, &one);
			sched_setaffinity(0, sizeof(one), &one);
			for (int i = 0; i < 10; i++)
				wrong += !is_on(cpu);
			sched_getaffinity(0, sizeof(one), &one);
			wrong += CPU_COUNT(&one) != 1;
		}
	}
	sched_setaffinity(0, sizeof(all), &all);
	return wrong;
}

int main(void)
{
	expect("probe is_on");
	expect("calls moves_itself 2");
	expect("in_children moves_itself 1");
	int wrong = moves_itself(), status;
	pid_t child = fork();
	if (child == 0) {
		cpu_set_t all;
		int result = moves_itself();
		sched_getaffinity(0, sizeof(all), &all);
		_exit(result * 16 + CPU_COUNT(&all) % 16);
	}
	waitpid(child, &status, 0);
	say("wrong %d, child %d", wrong, WEXITSTATUS(status));
	return 0;
}
