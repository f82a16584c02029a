/*
 * How the program ended, and how much memory it had at most, for the end of a run (loop layer).
 */
#ifndef LOOP_SUMMARY_PEAKS_H
#define LOOP_SUMMARY_PEAKS_H

#include "tracer/loop/state/session.h"

enum { DURATION_TEXT_BYTES = 32 };

/* "812 us", "3.93 s", "12 min 03 s", "5 h 07 min". */
void summary_put_duration(char ret[DURATION_TEXT_BYTES], int64_t duration_ns);

/* Nothing when it ended by itself, with 0. */
void summary_tell_outcome(const struct session *session);

/* The last lines: of all processes, if there are several, and of the main one, with the name of the file. */
void summary_tell_peaks(const struct session *session);

#endif
