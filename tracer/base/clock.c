/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Time; see clock.h. Base layer. */
#include "tracer/base/clock.h"

#include <inttypes.h>
#include <stdio.h>
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

/* Both are never read at one moment: whoever is interrupted in between would be off for good by that. */
void clock_base_init(struct clock_base *base)
{
	enum { READINGS = 16 };
	int64_t shortest_ns = INT64_MAX;

	for (int i = 0; i < READINGS; i++) {
		const int64_t before_ns = clock_now_ns();
		const int64_t real_ns = clock_read_ns(CLOCK_REALTIME);
		const int64_t lasted_ns = clock_now_ns() - before_ns;
		if (lasted_ns < shortest_ns) {
			shortest_ns = lasted_ns;
			base->realtime_minus_monotonic_ns = real_ns - before_ns - lasted_ns / 2;
		}
	}
}

int64_t clock_epoch_ns(const struct clock_base *base, int64_t monotonic_ns)
{
	return base->realtime_minus_monotonic_ns + monotonic_ns;
}

void clock_format_elapsed(char ret[static CLOCK_TEXT_BYTES], int64_t elapsed_ns)
{
	enum { MINUTE_S = 60, HOUR_S = 3600 };
	int64_t s = elapsed_ns / NS_PER_S;

	if (s < HOUR_S)
		snprintf(ret, CLOCK_TEXT_BYTES, "%" PRId64 ":%02" PRId64, s / MINUTE_S,
			 s % MINUTE_S);
	else
		snprintf(ret, CLOCK_TEXT_BYTES, "%" PRId64 ":%02" PRId64 ":%02" PRId64, s / HOUR_S,
			 s % HOUR_S / MINUTE_S, s % MINUTE_S);
}
