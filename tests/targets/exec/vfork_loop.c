/* flags: -pthread */
/* One thread calls without pause while another vforks and execs, twenty times. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "expect.h"

static atomic_int stop;

static int leaf(int x)
{
	return x + 1;
}

static void *keeps_calling(void *argument)
{
	int *wrong = argument;
	while (!stop)
		*wrong += leaf(1) != 2;
	return NULL;
}

static int runs_true(void)
{
	pid_t child = vfork();
	if (child == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(127);
	}
	int status;
	return waitpid(child, &status, 0) == child && status == 0;
}

int main(void)
{
	int wrong = 0, ran = 0;
	expect("probe leaf");
	expect("calls runs_true 20");
	expect("processes 21");
	expect("execs 20");
	pthread_t thread;
	pthread_create(&thread, NULL, keeps_calling, &wrong);
	for (int i = 0; i < 20; i++)
		ran += runs_true();
	stop = 1;
	pthread_join(thread, NULL);
	say("ran %d, wrong %d", ran, wrong);
	return 0;
}
