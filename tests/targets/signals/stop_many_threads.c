/* flags: -pthread */
/* A child of 300 threads is stopped and continued 8 times; all of them come to a stop and run on. */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "expect.h"

enum { THREADS = 300, ROUNDS = 8 };

static struct shared {
	volatile int is_over;
	volatile int started;
	volatile int rounds[THREADS];
} *shared;

static int leaf(int x)
{
	return x + 1;
}

static void *work(void *argument)
{
	volatile int *mine = argument;
	*mine = leaf(*mine);
	__sync_fetch_and_add(&shared->started, 1);
	while (!shared->is_over) {
		usleep(100000);
		++*mine;
	}
	return NULL;
}

static void child_works(void)
{
	static pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, (void *)&shared->rounds[i]);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	_exit(3);
}

int main(void)
{
	int status, stops = 0, continued = 0;

	expect("calls leaf %d", THREADS);
	expect("processes 2");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = fork();
	if (child == 0)
		child_works();
	while (shared->started < THREADS)
		usleep(1000);
	for (int i = 0; i < ROUNDS; i++) {
		kill(child, SIGSTOP);
		stops += waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status);
		kill(child, SIGCONT);
		continued += waitpid(child, &status, WCONTINUED) == child && WIFCONTINUED(status);
	}
	static int before[THREADS];
	for (int i = 0; i < THREADS; i++)
		before[i] = shared->rounds[i];
	for (int i = 0; i < THREADS; i++) {
		while (shared->rounds[i] == before[i])
			usleep(1000);
	}
	shared->is_over = 1;
	waitpid(child, &status, 0);
	say("stopped %d times, continued %d times, status %d", stops, continued, WEXITSTATUS(status));
	return 0;
}
