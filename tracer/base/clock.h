/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Time (base layer).
 *
 * Everything measured is CLOCK_MONOTONIC in nanoseconds. A profile has seconds since the epoch:
 * CLOCK_REALTIME, read once, plus monotonic differences, so that an NTP step never bends a curve.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

static const int64_t NS_PER_S = 1000000000;

struct clock_base {
	int64_t realtime_minus_monotonic_ns;
};

int64_t clock_now_ns(void); /* CLOCK_MONOTONIC */
void clock_base_init(
	struct clock_base *base); /* good to half of what it takes to read three times */
int64_t clock_epoch_ns(const struct clock_base *base, int64_t monotonic_ns);

enum { CLOCK_TEXT_BYTES = 32 };

/* Whole seconds as a clock shows them: "2:05", "1:02:05"; of no negative time. */
void clock_format_elapsed(char ret[static CLOCK_TEXT_BYTES], int64_t elapsed_ns);

#endif
