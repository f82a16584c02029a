/*
 * The states of threads and processes as the target allocates and frees them (loop layer, ground
 * floor).
 */
#ifndef LOOP_STATE_TARGET_STATES_H
#define LOOP_STATE_TARGET_STATES_H

#include "tracer/tracee/target.h"

extern const struct target_states loop_target_states;

#endif
