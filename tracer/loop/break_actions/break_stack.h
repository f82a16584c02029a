/*
 * The stacks of a process at a break (loop layer).
 */
#ifndef LOOP_BREAK_ACTIONS_BREAK_STACK_H
#define LOOP_BREAK_ACTIONS_BREAK_STACK_H

#include "tracer/loop/break_actions/break_event.h"

/*
 * Records the stacks of all threads: those that run are stopped for it, in a way that they do not feel. *@ret: the same as
 * text, owned by the caller; of the thread alone that has been kept, if @is_short and one has. NULL: there is none.
 */
void break_stack_take(struct break_event *event, bool is_short, char **ret);

#endif
