/* flags: -pthread */
/* Forks while other threads call from places that nobody has called from yet. */
#include <pthread.h>
#include <sys/wait.h>

#include "expect.h"

#define FOUR(x) x x x x
#define SIXTEEN(x) FOUR(FOUR(x))
#define SIXTY_FOUR(x) FOUR(SIXTEEN(x))

static unsigned leaf(unsigned x)
{
	return x * 5 + 3;
}

static unsigned calls_from_64(unsigned x)
{
	SIXTY_FOUR(x = leaf(x);)
	return x;
}

static unsigned calls_from_64_more(unsigned x)
{
	SIXTY_FOUR(x = leaf(x);)
	return x;
}

static void *run(void *argument)
{
	*(unsigned *)argument = calls_from_64(1);
	return NULL;
}

static void *run_more(void *argument)
{
	*(unsigned *)argument = calls_from_64_more(1);
	return NULL;
}

int main(void)
{
	enum { FORKS = 12 };
	pthread_t threads[2];
	unsigned results[2];
	int right = 0;
	expect("calls leaf %d", (FORKS + 2) * 64);
	expect("in_children leaf %d", FORKS * 64);
	expect("processes %d", FORKS + 1);
	pthread_create(&threads[0], NULL, run, &results[0]);
	pthread_create(&threads[1], NULL, run_more, &results[1]);
	for (int i = 0; i < FORKS; i++) {
		int status;
		pid_t child = fork();
		if (child == 0)
			_exit((int)((i % 2 ? calls_from_64(1) : calls_from_64_more(1)) & 127));
		waitpid(child, &status, 0);
		right += WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
	}
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	say("children %d, threads %u %u", right / FORKS, results[0], results[1]);
	return 0;
}
