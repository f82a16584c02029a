/*
 * How long threads are held (loop layer, ground floor): from when the stop of one was fetched until it runs on or is
 * detached. Kept for -v only; otherwise no clock is read. What is not ours is not in it: the time until we come to
 * fetch the stop.
 */
#ifndef LOOP_STATE_HOLD_TIMES_H
#define LOOP_STATE_HOLD_TIMES_H

#include <stdbool.h>
#include <stdint.h>

/* 8 buckets for each doubling of the time: a bucket is as wide as an eighth of its start, or less. */
enum { HOLD_TIMES_BUCKETS = 8 * 62 };

struct hold_times {
	bool are_kept;
	int64_t fetched_ns; /* when the latest stops were fetched */
	uint64_t counts[HOLD_TIMES_BUCKETS];
	uint64_t count;
	int64_t longest_ns;
};

/* Stops have just been fetched. */
void hold_times_fetched(struct hold_times *times);

/* A thread stops; *@since_ns, which is its own and 0 at first, tells since when. It may have done so before. */
void hold_times_begin(const struct hold_times *times, int64_t *since_ns);

/* It runs on, or is detached; without a begin there is nothing to be noted. */
void hold_times_end(struct hold_times *times, int64_t *since_ns);

/* One that took @held_ns, 0 or more. */
void hold_times_note(struct hold_times *times, int64_t held_ns);

/* A time that @share, of 0 to 1, of all were not longer than: to an eighth, and never more than the longest. */
int64_t hold_times_quantile_ns(const struct hold_times *times, double share);

#endif
