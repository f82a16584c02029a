/* Time; see clock.h. Base layer. */
#include "tracer/base/clock.h"

#include <time.h>

static int64_t clock_read_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t clock_now_ns(void)
{
	return clock_read_ns(CLOCK_MONOTONIC);
}

void clock_base_init(struct clock_base *base)
{
	base->realtime_minus_monotonic_ns = clock_read_ns(CLOCK_REALTIME) - clock_now_ns();
}

int64_t clock_epoch_ns(const struct clock_base *base, int64_t monotonic_ns)
{
	return base->realtime_minus_monotonic_ns + monotonic_ns;
}
