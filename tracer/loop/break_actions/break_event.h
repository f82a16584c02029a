/*
 * A break, as its actions get it (loop layer).
 */
#ifndef LOOP_BREAK_ACTIONS_BREAK_EVENT_H
#define LOOP_BREAK_ACTIONS_BREAK_EVENT_H

#include "tracer/loop/state/session.h"

struct break_event {
	struct session *session;
	struct process *process;
	struct tracee *
		kept; /* the thread whose stop it is, and that is in it still; NULL: nobody was stopped */
	pid_t tid;	  /* the thread that it is about */
	uint64_t bytes;	  /* the memory of the process then */
	const char *text; /* the condition */
};

#endif
