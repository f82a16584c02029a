/* flags: -pthread */
/* All signals are blocked in all threads; one waits for them by sigwaitinfo, the others call. */
#include <pthread.h>
#include <signal.h>

#include "expect.h"

static pthread_t waiter;

static unsigned leaf(unsigned x)
{
	return x * 3 + 1;
}

static int takes(int number)
{
	return number;
}

static void *wait_thread(void *argument)
{
	sigset_t signals;
	siginfo_t info;
	int sum = 0, number;
	sigfillset(&signals);
	do {
		number = sigwaitinfo(&signals, &info);
		sum += takes(number);
	} while (number != SIGRTMAX);
	*(int *)argument = sum;
	return NULL;
}

static void *call_thread(void *argument)
{
	unsigned x = 1;
	for (int i = 0; i < 600; i++) {
		x = leaf(x);
		if (i % 30 == 0)
			pthread_sigqueue(waiter, SIGRTMIN, (union sigval){ 0 });
	}
	return argument;
}

int main(void)
{
	pthread_t threads[3];
	sigset_t signals;
	int sum;
	expect("calls leaf 1800");
	expect("calls takes 61");
	expect("threads takes 1");
	sigfillset(&signals);
	pthread_sigmask(SIG_SETMASK, &signals, NULL);
	pthread_create(&waiter, NULL, wait_thread, &sum);
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, call_thread, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	pthread_kill(waiter, SIGRTMAX); /* the highest number is taken last */
	pthread_join(waiter, NULL);
	say("sum %d", sum);
	return 0;
}
