/*
 * Fibers that a timer takes turns with: its handler switches to the next one, and returns when it is
 * the fiber's turn again. Many of them stand in front of a probed function's first instruction.
 *
 * The timer is set anew when a fiber has made a call: where a call takes longer than the timer, a periodic one would
 * take turns for ever.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <ucontext.h>

#include "expect.h"

enum { FIBERS = 12, CALLS_EACH = 800, STACK_BYTES = 128 * 1024, TURNS_MOST = 1500, TURN_US = 500 };
static ucontext_t fibers[FIBERS], end;
static volatile sig_atomic_t is_timed;
static int current, left = FIBERS;
static char is_done[FIBERS];
static long total;

static long leaf(long x)
{
	return x + 1;
}

static void set_timer(void)
{
	static int turns;

	if (is_timed || turns++ >= TURNS_MOST)
		return;
	is_timed = 1;
	setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { 0, TURN_US } }, NULL);
}

static int next_fiber(void)
{
	int next = current;
	do
		next = (next + 1) % FIBERS;
	while (is_done[next] && next != current);
	return next;
}

static void on_alarm(int signal)
{
	int from = current;
	(void)signal;
	is_timed = 0;
	current = next_fiber();
	if (current != from)
		swapcontext(&fibers[from], &fibers[current]);
}

static void fiber(int number)
{
	long x = 0;
	sigset_t alarms;
	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alarms, NULL);
	for (int i = 0; i < CALLS_EACH; i++) {
		x = leaf(x);
		set_timer();
	}
	sigprocmask(SIG_BLOCK, &alarms, NULL);
	total += x;
	is_done[number] = 1;
	current = next_fiber();
	setcontext(--left == 0 ? &end : &fibers[current]);
}

int main(void)
{
	expect("calls leaf %d", FIBERS * CALLS_EACH);
	expect("calls leaf 0 unwound");
	expect("migrates"); /* calls of fibers do not nest */
	signal(SIGALRM, on_alarm);
	for (int i = 0; i < FIBERS; i++) {
		getcontext(&fibers[i]);
		sigaddset(&fibers[i].uc_sigmask, SIGALRM); /* until it runs on its own stack */
		fibers[i].uc_stack.ss_sp = malloc(STACK_BYTES);
		fibers[i].uc_stack.ss_size = STACK_BYTES;
		makecontext(&fibers[i], (void (*)(void))fiber, 1, i);
	}
	/* A timer that comes before the first fiber would take this context for that fiber's. */
	sigset_t alarms;
	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	sigprocmask(SIG_BLOCK, &alarms, NULL);
	set_timer();
	swapcontext(&end, &fibers[0]);
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	say("total %ld", total);
	return 0;
}
