/*
 * Processes that stand still are handed over to gdb, one at a time (loop layer): the engine's part. gdb_front.h has the
 * front end's, which has the terminal.
 */
#ifndef LOOP_BREAK_ACTIONS_GDB_HAND_OVER_H
#define LOOP_BREAK_ACTIONS_GDB_HAND_OVER_H

#include "tracer/loop/state/session.h"

/*
 * @process, which is sampled only and stands still, is to get to gdb, for thread *@left_tid, or has got there: the next step
 * is made if its time has come. *@left_tid is 0 after the last one.
 */
void gdb_hand_over_look(struct session *session, struct process *process, pid_t *left_tid);

/* gdb has ended since the last step. */
bool gdb_hand_over_is_over(const struct session *session);

/* Its process has, too, and nobody looks after it: the next one may come. */
void gdb_hand_over_drop(struct session *session);

#endif
