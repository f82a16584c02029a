/*
 * What recording costs on this machine, measured at the start (loop layer): a constant would be wrong on the next one.
 */
#ifndef LOOP_OVERHEAD_MACHINE_COSTS_H
#define LOOP_OVERHEAD_MACHINE_COSTS_H

#include "tracer/loop/state/charges.h"

/*
 * Takes some milliseconds. No child of ours may be traced yet. @has_pads: pads will be used. What cannot be measured is 0,
 * and said.
 */
void machine_costs_measure(struct machine_costs *ret, bool has_pads);

#endif
