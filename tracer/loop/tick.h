/*
 * What is done at each tick (loop layer, top floor).
 */
#ifndef LOOP_TICK_H
#define LOOP_TICK_H

#include "tracer/loop/state/session.h"

/*
 * @passed points of the grid have come, one as a rule: samples all processes, writes down open calls,
 * and flushes the file at least every tenth of a second.
 */
void tick_run(struct session *session, uint64_t passed);

#endif
