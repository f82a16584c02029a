/*
 * Reads the counter of pads and the clock together (loop layer).
 */
#ifndef LOOP_STATE_TSC_LOOK_H
#define LOOP_STATE_TSC_LOOK_H

#include "tracer/loop/state/tsc_clock.h"

/*
 * @clock notes what both say now. They are never read at one moment: a scheduler that comes in between would make
 * the counter look uneven, and records seem to be of another time. So it is the first reading that was not interrupted, or
 * the closest one of several.
 */
void tsc_look(struct tsc_clock *clock);

#endif
