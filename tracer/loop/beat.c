/* A signal that ends wait4; see beat.h. Loop layer. */
#include "tracer/loop/beat.h"

#include <signal.h>

#include "tracer/base/clock.h"

enum { BEAT_SIGNAL = SIGXFSZ };

static volatile sig_atomic_t has_come;

static void note_beat(int signal)
{
	(void)signal;
	has_come = 1;
}

/* Without SA_RESTART, by which the kernel would make wait4 block again. */
static bool catch_beats(void)
{
	const struct sigaction action = { .sa_handler = note_beat };
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, BEAT_SIGNAL);
	/* Whoever has started us may have blocked it. */
	return sigaction(BEAT_SIGNAL, &action, NULL) == 0 &&
	       sigprocmask(SIG_UNBLOCK, &signals, NULL) == 0;
}

void beat_init(struct beat *beat)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = BEAT_SIGNAL };

	*beat = (struct beat){ .period_ns = 0 };
	has_come = 0;
	beat->is_there = catch_beats() && timer_create(CLOCK_MONOTONIC, &event, &beat->timer) == 0;
}

void beat_deinit(struct beat *beat)
{
	if (beat->is_there)
		timer_delete(beat->timer);
	*beat = (struct beat){ .period_ns = 0 };
}

static struct timespec timespec_of(int64_t time_ns)
{
	return (struct timespec){ time_ns / NS_PER_S, time_ns % NS_PER_S };
}

bool beat_start(struct beat *beat, int64_t first_ns, int64_t period_ns)
{
	const struct itimerspec times = { timespec_of(period_ns), timespec_of(first_ns) };

	bool is_on = beat->is_there && timer_settime(beat->timer, 0, &times, NULL) == 0;
	beat->period_ns = is_on ? period_ns : 0;
	return is_on;
}

void beat_stop(struct beat *beat)
{
	const struct itimerspec never = { 0 };

	/* One that is pending is delivered when this call returns: we are the only thread. */
	if (beat->period_ns != 0)
		timer_settime(beat->timer, 0, &never, NULL);
	beat->period_ns = 0;
	has_come = 0;
}

bool beat_has_come(void)
{
	if (!has_come)
		return false;
	has_come = 0;
	return true;
}

bool beat_is_there(void)
{
	return has_come != 0;
}
