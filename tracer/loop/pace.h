/*
 * Whether stops come fast (loop layer): times in, a decision out. No system call.
 *
 * While they do, the loop blocks in wait4, and looks at all else only once a beat (beat.h). To change over
 * costs a few system calls; each stop saves two or three.
 */
#ifndef LOOP_PACE_H
#define LOOP_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	/* So many within the time of a beat are fast: what changing over costs is soon saved. */
	PACE_FAST_STOPS = 8,
	/* Fewer than so many between two beats are not: a beat costs about as much as they save. */
	PACE_SLOW_STOPS = 2,
};

struct pace {
	int64_t beat_ns; /* between two beats */
	bool is_fast;
	int64_t since_ns; /* slow: when @stops began to be counted */
	unsigned stops;	  /* slow: since then; fast: since the last beat */
};

/*
 * What has to be noticed in time waits for a beat while stops come fast: a whole number of beats lies between
 * two points of the grid of ticks, whose @interval_ns is above 0.
 */
void pace_init(struct pace *pace, int64_t interval_ns);

/* @count threads have stopped by @now_ns. Returns whether stops come fast from now on, and did not before. */
bool pace_note(struct pace *pace, unsigned count, int64_t now_ns);

/* The beat has come. Returns whether stops still come fast. */
bool pace_beat(struct pace *pace);

/* They do not, whatever they did. */
void pace_leave(struct pace *pace);

#endif
