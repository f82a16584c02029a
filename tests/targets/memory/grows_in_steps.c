/* flags: -pthread */
/* variants: alone child */
/*
 * A process, or its child, gets 10 MiB in each of 20 calls of a function, while one of its threads calls another one all
 * the time, and one sleeps where EINTR would be felt. It says whether any was, and ends with status 7.
 * usage: grows_in_steps [alone|child] [waits]: at the end for SIGUSR1, after "ready PID"; its sleeper may be woken then
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

enum { STEPS = 20, STEP_BYTES = 10 << 20 };

static atomic_int done, started;
static int wakeup;

__attribute__((noinline, noipa)) unsigned hot(unsigned x)
{
	return x * 3 + 1;
}

static void *calls(void *argument)
{
	unsigned x = 1;

	while (!atomic_load(&done)) {
		for (int i = 0; i < 100; i++)
			x = hot(x);
		atomic_fetch_or(&started, 1);
	}
	return argument;
}

static void *sleeps(void *argument)
{
	struct epoll_event event = { .events = EPOLLIN };
	int *interruptions = argument;
	int epoll = epoll_create1(0), got;

	epoll_ctl(epoll, EPOLL_CTL_ADD, wakeup, &event);
	atomic_fetch_or(&started, 2);
	while ((got = epoll_wait(epoll, &event, 1, -1)) != 1)
		*interruptions += got < 0 && errno == EINTR;
	return NULL;
}

__attribute__((noinline, noipa)) char *grow(void)
{
	char *memory = malloc(STEP_BYTES);

	memset(memory, 1, STEP_BYTES);
	return memory;
}

__attribute__((noinline, noipa)) unsigned grow_all(void)
{
	unsigned sum = 0;

	for (int i = 0; i < STEPS; i++)
		sum += (unsigned)grow()[i];
	return sum;
}

static int work(int waits)
{
	pthread_t caller, sleeper;
	const uint64_t one = 1;
	int interruptions = 0, signal;
	sigset_t told;

	wakeup = eventfd(0, 0);
	sigemptyset(&told);
	sigaddset(&told, SIGUSR1);
	sigprocmask(SIG_BLOCK, &told, NULL);
	pthread_create(&caller, NULL, calls, NULL);
	pthread_create(&sleeper, NULL, sleeps, &interruptions);
	while (atomic_load(&started) != 3)
		usleep(1000);
	unsigned sum = grow_all();
	if (waits) {
		say("ready %d", getpid());
		sigwait(&told, &signal);
	}
	atomic_store(&done, 1);
	if (write(wakeup, &one, sizeof(one)) != sizeof(one))
		return 1;
	pthread_join(caller, NULL);
	pthread_join(sleeper, NULL);
	say("sum %u, EINTR %d", sum, waits ? 0 : interruptions);
	return 7;
}

int main(int argc, char **argv)
{
	int status;

	expect("calls grow 20");
	expect("calls grow_all 1");
	expect("probe hot");
	if (argc < 2 || strcmp(argv[1], "child") != 0)
		return work(argc > 2);
	if (fork() == 0)
		_exit(work(argc > 2));
	wait(&status);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
