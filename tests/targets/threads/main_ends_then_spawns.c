/* flags: -pthread */
/*
 * The first thread ends; the other one starts programs: while they share its memory they are no
 * processes with a copy of it. With "holds" as its argument (not of targets.sh) it takes 20 MiB,
 * says "ready PID" and calls until SIGUSR1 comes.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"

enum { ROUNDS = 5, HELD_BYTES = 20 << 20 };
static volatile sig_atomic_t is_told;
static pthread_t first;

static long leaf(long x)
{
	return x + 1;
}

static void on_usr1(int signal)
{
	is_told = signal;
}

static void *spawns(void *argument)
{
	long sum = 0;
	pthread_join(first, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		sum = leaf(sum);
		sum += system("exit 2") >> 8;
		sum = leaf(sum);
	}
	say("sum %ld", sum);
	exit(3);
	return argument;
}

static void *holds(void *argument)
{
	pthread_join(first, NULL);
	memset(argument, 1, HELD_BYTES);
	say("ready %d", getpid());
	for (long x = 0; !is_told; x = leaf(x))
		usleep(300);
	exit(3);
}

int main(int argc, char **argv)
{
	pthread_t thread;
	int is_holding = argc > 1 && strcmp(argv[1], "holds") == 0;
	if (!is_holding) {
		expect("calls leaf %d", 2 * ROUNDS);
		expect("threads leaf 1");
	}
	first = pthread_self();
	signal(SIGUSR1, on_usr1);
	pthread_create(&thread, NULL, is_holding ? holds : spawns, malloc(HELD_BYTES));
	pthread_exit(NULL);
}
