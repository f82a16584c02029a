/* Interval timers of all three kinds and a POSIX one, all at high rates, interrupt probed calls. */
#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include "expect.h"

static volatile sig_atomic_t counts[4];
static timer_t timer;

/* Those of the clock on the wall go off once, from now: where handling one takes longer than an interval,
 * nothing else would go on. */
static void set_alarm(void)
{
	const struct itimerval soon = { .it_value = { 0, 1500 } };
	setitimer(ITIMER_REAL, &soon, NULL);
}

static void set_timer(void)
{
	const struct itimerspec soon = { .it_value = { 0, 1300000 } };
	timer_settime(timer, 0, &soon, NULL);
}

static void on_signal(int signal)
{
	counts[signal == SIGALRM ? 0 : signal == SIGVTALRM ? 1 : signal == SIGPROF ? 2 : 3]++;
	if (signal == SIGALRM)
		set_alarm();
	else if (signal == SIGRTMIN + 3)
		set_timer();
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
	const struct itimerval often = { { 0, 1500 }, { 0, 1500 } };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 3 };
	const int signals[] = { SIGALRM, SIGVTALRM, SIGPROF, SIGRTMIN + 3 };
	unsigned x = 1;
	expect("probe on_signal");
	expect("calls leaf 3000");
	for (int i = 0; i < 4; i++)
		signal(signals[i], on_signal);
	timer_create(CLOCK_REALTIME, &event, &timer);
	set_timer();
	set_alarm();
	setitimer(ITIMER_VIRTUAL, &often, NULL);
	setitimer(ITIMER_PROF, &often, NULL);
	for (int i = 0; i < 3000; i++)
		x = leaf(x);
	while (!is_enough())
		;
	for (int i = 0; i < 4; i++)
		signal(signals[i], SIG_IGN);
	say("%u", x);
	return 0;
}
