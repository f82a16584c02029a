/* flags: -pthread */
/* A thread that is not the first execs while three others call without end; eight times over. */
#include <pthread.h>
#include <stdlib.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static void *call_thread(void *argument)
{
	for (volatile int x = 0;;)
		x = leaf(x);
	return argument;
}

static void replaces(int round)
{
	char word[12];
	snprintf(word, sizeof(word), "%d", round);
	execl("/proc/self/exe", "exec_thread_busy", word, (char *)NULL);
}

static void *exec_thread(void *argument)
{
	usleep(3000);
	replaces(*(int *)argument);
	return NULL;
}

int main(int argc, char **argv)
{
	int round = argc > 1 ? atoi(argv[1]) : 0;
	if (round == 0) {
		expect("probe leaf");
		expect("calls replaces 8 exec");
		expect("processes 1");
		expect("execs 8");
	}
	if (round++ == 8) {
		say("replaced 8 times");
		return 3;
	}
	pthread_t thread;
	for (int i = 0; i < 3; i++)
		pthread_create(&thread, NULL, call_thread, NULL);
	pthread_create(&thread, NULL, exec_thread, &round);
	pause();
	return 1;
}
