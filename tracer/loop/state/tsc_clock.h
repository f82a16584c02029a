/*
 * What the counter that pads read (the TSC) says in CLOCK_MONOTONIC (loop layer). Pure.
 *
 * Both are read together now and then. What lies between two such readings is told by these two: a clock that is slewed
 * (adjtimex(2)) is followed, and a time is off by no more than the worse of the two readings is, half of what it took: some
 * tens of nanoseconds. A counter that runs backwards, or at another speed than before, is no clock.
 */
#ifndef LOOP_STATE_TSC_CLOCK_H
#define LOOP_STATE_TSC_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The counter and the clock, read one between two readings of the other: the truth is not further off than half of that. */
struct tsc_reading {
	uint64_t before, after;
	int64_t ns;
};

struct tsc_point {
	uint64_t tsc;
	int64_t ns;
};

enum { TSC_POINTS = 64 };

struct tsc_clock {
	struct tsc_point points[TSC_POINTS]; /* a ring: those noted last */
	size_t first, count;
	uint64_t closest; /* ticks from before to after, of a reading that was not interrupted */
	double ns_a_tick; /* 0: not known yet */
	bool is_unstable;
};

void tsc_clock_note(struct tsc_clock *clock, const struct tsc_reading *reading);

/* Whether @reading is about as close as others were: it has not been interrupted. */
bool tsc_clock_is_close(const struct tsc_clock *clock, const struct tsc_reading *reading);

/* Whether times can be told. */
bool tsc_clock_is_known(const struct tsc_clock *clock);

/* When the counter was at @tsc, which is not later than the last note. */
int64_t tsc_clock_ns(const struct tsc_clock *clock, uint64_t tsc);

/* So many ticks take @ns. */
uint64_t tsc_clock_ticks(const struct tsc_clock *clock, int64_t ns);

/* And @ticks take so many ns. */
int64_t tsc_clock_duration_ns(const struct tsc_clock *clock, uint64_t ticks);

#endif
