/*
 * What the engine and the front end say to each other about gdb (loop layer, ground floor). It lies in memory that both
 * share; who has written to it sends the other a SIGCHLD, at which both look.
 *
 *   the engine                           the front end
 *   pid, tid, HAND_OVER_ASKED
 *                                        starts gdb on the terminal: HAND_OVER_RUNS
 *                                        gdb has ended: its status, HAND_OVER_DONE
 *   HAND_OVER_IDLE
 */
#ifndef LOOP_STATE_HAND_OVER_H
#define LOOP_STATE_HAND_OVER_H

#include <stdatomic.h>
#include <sys/types.h>

enum hand_over_stage { HAND_OVER_IDLE, HAND_OVER_ASKED, HAND_OVER_RUNS, HAND_OVER_DONE };

struct hand_over {
	_Atomic(enum hand_over_stage) stage;
	pid_t pid, tid; /* the process, which stands still, and the thread to look at first */
	int status;	/* of gdb, as waitpid(2) has it; -1: it could not be started */
};

#endif
