/* flags: -pthread */
/*
 * A process and its child, each with three threads, call nested functions and check what they give,
 * until SIGUSR1 comes to the first, and once after that. It says "ready PID CHILD" once all of them work,
 * and at the end whether all was right. usage: works_until_told
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 3 };

struct shared {
	atomic_int done;
	atomic_int working;
	atomic_int wrong;
	atomic_long rounds;
};

static struct shared *shared;

static void on_usr1(int signal)
{
	(void)signal;
	atomic_store(&shared->done, 1);
}

static unsigned leaf(unsigned x)
{
	return x * 3 + 1;
}

static unsigned middle(unsigned x)
{
	return leaf(x) ^ leaf(x + 1);
}

static unsigned outer(unsigned x)
{
	unsigned sum = 0;
	for (unsigned i = 0; i < 4; i++)
		sum += middle(x + i);
	return sum;
}

static unsigned reckon(unsigned x)
{
	unsigned sum = 0;
	for (unsigned i = x; i < x + 4; i++)
		sum += (i * 3 + 1) ^ (i * 3 + 4);
	return sum;
}

static void *work(void *argument)
{
	unsigned x = 1;
	atomic_fetch_add(&shared->working, 1);
	for (int was_done = 0; !was_done;) {
		was_done = atomic_load(&shared->done);
		unsigned sum = outer(x);
		if (sum != reckon(x))
			atomic_fetch_add(&shared->wrong, 1);
		x = sum;
		atomic_fetch_add(&shared->rounds, 1);
		usleep(50);
	}
	return argument;
}

static void work_all(void)
{
	pthread_t threads[THREADS - 1];
	for (int i = 0; i < THREADS - 1; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	work(NULL);
	for (int i = 0; i < THREADS - 1; i++)
		pthread_join(threads[i], NULL);
}

int main(void)
{
	int status;
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	signal(SIGUSR1, on_usr1);
	signal(SIGTERM, SIG_IGN);
	pid_t child = fork();
	if (child == 0) {
		work_all();
		_exit(9);
	}
	pthread_t first;
	pthread_create(&first, NULL, work, NULL);
	while (atomic_load(&shared->working) < THREADS + 1 || atomic_load(&shared->rounds) < 20)
		usleep(500);
	dprintf(STDOUT_FILENO, "ready %d %d\n", getpid(), child);
	pthread_join(first, NULL);
	waitpid(child, &status, 0);
	printf("wrong %d, worked %d, child %x\n", atomic_load(&shared->wrong),
	       atomic_load(&shared->rounds) > 20, (unsigned)status);
	return 7;
}
