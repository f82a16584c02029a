/*
 * A timer's signals come to a function that is called so often that pads sum its calls up: some come when a call has been
 * recorded, and its first instruction has not been executed. Each other time the handler calls the same function. The frames
 * of the calls lie elsewhere each time, so that no later call is taken for the one that was interrupted. Says how many
 * calls there were.
 */
#include <alloca.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>

enum { CALLS_AT_ONCE = 1000, CALLS_IN_HANDLER = 3, SIGNALS = 3000, PERIOD_US = 300 };
static volatile long total;
static volatile sig_atomic_t signals;

static __attribute__((noinline)) void leaf(long x)
{
	total += x;
}

static void set_timer(long period_us)
{
	const struct itimerval timer = { .it_interval.tv_usec = period_us,
					 .it_value.tv_usec = period_us };
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void on_alarm(int number)
{
	(void)number;
	signals++;
	for (int i = 0; i < CALLS_IN_HANDLER && signals % 2 == 1; i++)
		leaf(0);
}

static __attribute__((noinline)) void call_often(size_t deeper_bytes)
{
	volatile char *room = alloca(deeper_bytes);

	room[0] = 0;
	for (int i = 0; i < CALLS_AT_ONCE; i++)
		leaf(1);
}

int main(void)
{
	long calls = 0;

	signal(SIGALRM, on_alarm);
	set_timer(PERIOD_US);
	for (; signals < SIGNALS; calls += CALLS_AT_ONCE)
		call_often(64 + 16 * (size_t)signals);
	set_timer(0);
	/* Nothing is pending any more. */
	signal(SIGALRM, SIG_IGN);
	calls += (signals + 1) / 2 * CALLS_IN_HANDLER;
	printf("calls %ld\n", calls);
	return total > 0 ? 0 : 1;
}
