/* Interval timers of all three kinds and a POSIX one, all at high rates, interrupt probed calls. */
#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include "expect.h"

static volatile sig_atomic_t counts[4];

static void on_signal(int signal)
{
	counts[signal == SIGALRM ? 0 : signal == SIGVTALRM ? 1 : signal == SIGPROF ? 2 : 3]++;
}

static unsigned leaf(unsigned x)
{
	return x * 3 + 1;
}

static int is_enough(void)
{
	return counts[0] >= 20 && counts[1] >= 2 && counts[2] >= 2 && counts[3] >= 20;
}

int main(void)
{
	const struct itimerval often = { { 0, 1500 }, { 0, 1500 } }, off = { 0 };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 3 };
	const struct itimerspec times = { { 0, 1300000 }, { 0, 1300000 } };
	const int kinds[] = { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF };
	timer_t timer;
	unsigned x = 1;
	expect("probe on_signal");
	expect("calls leaf 3000");
	signal(SIGALRM, on_signal);
	signal(SIGVTALRM, on_signal);
	signal(SIGPROF, on_signal);
	signal(SIGRTMIN + 3, on_signal);
	timer_create(CLOCK_REALTIME, &event, &timer);
	timer_settime(timer, 0, &times, NULL);
	for (int i = 0; i < 3; i++)
		setitimer(kinds[i], &often, NULL);
	for (int i = 0; i < 3000; i++)
		x = leaf(x);
	while (!is_enough())
		;
	timer_delete(timer);
	for (int i = 0; i < 3; i++)
		setitimer(kinds[i], &off, NULL);
	say("%u", x);
	return 0;
}
