/* flags: -pthread */
/* variants: same namespace */
/*
 * A handler returns to the instruction that faults, for ever, in the first process of a PID namespace or in
 * a usual one. Other threads and processes are not kept from their work by that, and SIGKILL ends it.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "expect.h"

enum { LEAVES = 200, FAULTS = 2000 };

static struct shared {
	volatile int faults;
	volatile int leaves;
} *shared;

static int leaf(int x)
{
	return x + 1;
}

static void on_fault(int number)
{
	(void)number;
	shared->faults++;
}

static void *call_leaves(void *argument)
{
	for (int i = 0; i < LEAVES; i++)
		shared->leaves = leaf(shared->leaves);
	return argument;
}

static void fault_for_ever(void)
{
	pthread_t thread;
	signal(SIGSEGV, on_fault);
	pthread_create(&thread, NULL, call_leaves, NULL);
	*(volatile int *)8 = 1;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "namespace") == 0 && unshare(CLONE_NEWPID) != 0) {
		say("no PID namespace may be made here");
		return 77;
	}
	expect("calls leaf %d", 2 * LEAVES);
	expect("in_children leaf %d", LEAVES);
	expect("processes 2");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = fork();
	if (child == 0) {
		fault_for_ever();
		_exit(1);
	}
	int own = 0, status;
	for (int i = 0; i < LEAVES; i++)
		own = leaf(own);
	while (shared->leaves < LEAVES || shared->faults < FAULTS)
		usleep(1000);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	say("own %d, leaves %d, ended by %d", own, shared->leaves, WTERMSIG(status));
	return 0;
}
