/* flags: -pthread */
/* A timer that starts a thread each time, at a high rate, while the first thread calls. */
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "expect.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int fired;

static unsigned leaf(unsigned x)
{
	return x * 3 + 1;
}

static void on_timer(union sigval value)
{
	pthread_mutex_lock(&mutex);
	fired += value.sival_int;
	pthread_mutex_unlock(&mutex);
}

static int has_fired(void)
{
	pthread_mutex_lock(&mutex);
	int count = fired;
	pthread_mutex_unlock(&mutex);
	return count;
}

int main(void)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD,
		.sigev_notify_function = on_timer,
		.sigev_value.sival_int = 1,
	};
	const struct itimerspec times = { { 0, 1000000 }, { 0, 1000000 } };
	timer_t timer;
	unsigned x = 1;
	expect("probe on_timer");
	expect("calls leaf 2000");
	expect("levels leaf 0 0");
	expect("processes 1");
	timer_create(CLOCK_MONOTONIC, &event, &timer);
	timer_settime(timer, 0, &times, NULL);
	for (int i = 0; i < 2000; i++)
		x = leaf(x);
	while (has_fired() < 60)
		usleep(1000);
	timer_delete(timer);
	say("%u", x);
	return 0;
}
