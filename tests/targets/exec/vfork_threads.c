/* flags: -pthread */
/* Threads that vfork and exec at the same time, while another one calls; some children just end. */
#include <pthread.h>
#include <sys/wait.h>

#include "expect.h"

static unsigned leaf(unsigned x)
{
	return x * 3 + 1;
}

static int runs_true(int i)
{
	int status;
	pid_t child = vfork();
	if (child == 0) {
		if (i % 3 == 0)
			_exit((int)(leaf(1) + 1));
		execl("/bin/true", "true", (char *)NULL);
		_exit(99);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
}

static void *run(void *argument)
{
	int sum = 0;
	for (int i = 0; i < 6; i++)
		sum += runs_true(i);
	*(int *)argument = sum;
	return NULL;
}

static void *call_thread(void *argument)
{
	for (int i = 0; i < 500; i++)
		*(unsigned *)argument = leaf(*(unsigned *)argument);
	return NULL;
}

int main(void)
{
	pthread_t threads[3], caller;
	int sums[3];
	unsigned x = 1;
	expect("calls leaf 506");
	expect("calls runs_true 18");
	expect("in_children leaf 6");
	expect("processes 19");
	pthread_create(&caller, NULL, call_thread, &x);
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, run, &sums[i]);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	pthread_join(caller, NULL);
	say("%d %d %d, %u", sums[0], sums[1], sums[2], x);
	return 0;
}
