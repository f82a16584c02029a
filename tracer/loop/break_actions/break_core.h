/*
 * A core file of a process at a break (loop layer).
 *
 * It is written by us, and not by the kernel, which only writes one of a process that dies, or of a copy that has but one
 * thread; nor by gdb, to which all threads would have to be left first, with what is known of their calls.
 */
#ifndef LOOP_BREAK_ACTIONS_BREAK_CORE_H
#define LOOP_BREAK_ACTIONS_BREAK_CORE_H

#include "tracer/loop/break_actions/break_event.h"

/*
 * Writes it beside the profile, and says where, or why not. All threads are stopped for it, which they do not feel, and are
 * in it as the program has them; so is its code.
 */
void break_core_write(struct break_event *event);

#endif
