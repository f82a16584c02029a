/* flags: -pthread */
/* A namespace in a namespace: each first process is 1 there; threads and an exec in the inner one. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static void *run(void *argument)
{
	for (int i = 0; i < 10; i++)
		leaf(i);
	return argument;
}

static int status_of(long child)
{
	int status;
	waitpid((pid_t)child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void runs_inner(void)
{
	pthread_t threads[3];
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, run, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	execl("/proc/self/exe", "inner", "again", (char *)NULL);
	_exit(1);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		say("%s: pid %d, %d", argv[1], (int)getpid(), leaf(1));
		return 5;
	}
	if (geteuid() != 0) {
		say("no PID namespace may be made here");
		return 77;
	}
	expect("calls leaf 31");
	expect("in_children leaf 31");
	expect("processes 3");
	expect("execs 1");
	long outer = syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
	if (outer == 0) {
		long inner = syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
		if (inner == 0)
			runs_inner();
		_exit(10 * (int)getpid() + status_of(inner));
	}
	say("outer %d", status_of(outer));
	return 0;
}
