/*
 * What the kernel alone takes for a stop: a tracer that does nothing but continue a program that
 * executes int3. Prints nanoseconds a stop. The floor for any breakpoint.
 * usage: empty_stop STOPS [one-cpu]
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* The traced side: waits until it is traced, then stops that many times. */
static void stop_often(long stops, int go)
{
	char byte;
	if (read(go, &byte, 1) != 1)
		_exit(1);
	__asm__ volatile("int3"); /* what happens once is not counted */
	double start_ns = now_ns();
	for (long i = 0; i < stops; i++)
		__asm__ volatile("int3");
	printf("%.2f\n", (now_ns() - start_ns) / (double)stops);
	fflush(stdout);
	_exit(0);
}

int main(int argc, char **argv)
{
	long stops = argc > 1 ? atol(argv[1]) : 0;
	int go[2];
	if (stops <= 0 || pipe(go) != 0) {
		fprintf(stderr, "usage: empty_stop STOPS [one-cpu]\n");
		return 2;
	}
	if (argc > 2 && strcmp(argv[2], "one-cpu") == 0) {
		cpu_set_t one;
		CPU_ZERO(&one);
		CPU_SET(sched_getcpu(), &one);
		if (sched_setaffinity(0, sizeof(one), &one) != 0)
			return 1;
	}
	pid_t pid = fork();
	if (pid == 0)
		stop_often(stops, go[0]);
	if (ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_EXITKILL) != 0 || write(go[1], "g", 1) != 1) {
		perror("empty_stop");
		return 1;
	}
	int status;
	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
		int signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
		ptrace(PTRACE_CONT, pid, 0, signal);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
