/*
 * What the counter that pads read (the TSC) says in CLOCK_MONOTONIC (loop layer). Pure.
 *
 * Both are read together now and then. In between, and for a while before, their relation is taken to be linear:
 * so a clock that is slewed (adjtimex(2)) is followed, and nothing is believed that is not measured. A counter
 * that runs backwards, or at another speed than before, is no clock.
 */
#ifndef LOOP_STATE_TSC_CLOCK_H
#define LOOP_STATE_TSC_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct tsc_point {
	uint64_t tsc;
	int64_t ns;
};

struct tsc_clock {
	struct tsc_point base, last; /* base.tsc 0: nothing was noted yet */
	double ns_a_tick;	     /* 0: not known yet */
	bool is_unstable;
};

/* The counter is at @tsc when CLOCK_MONOTONIC is @ns. */
void tsc_clock_note(struct tsc_clock *clock, uint64_t tsc, int64_t ns);

/* Whether times can be told. */
bool tsc_clock_is_known(const struct tsc_clock *clock);

/* When the counter was at @tsc, which is not later than the last note. */
int64_t tsc_clock_ns(const struct tsc_clock *clock, uint64_t tsc);

/* So many ticks take @ns. */
uint64_t tsc_clock_ticks(const struct tsc_clock *clock, int64_t ns);

/* And @ticks take so many ns. */
int64_t tsc_clock_duration_ns(const struct tsc_clock *clock, uint64_t ticks);

#endif
