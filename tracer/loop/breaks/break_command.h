/*
 * The shell commands of --on-break (loop layer). Nobody waits for them: the process goes on meanwhile.
 */
#ifndef LOOP_BREAKS_BREAK_COMMAND_H
#define LOOP_BREAKS_BREAK_COMMAND_H

#include "tracer/loop/state/session.h"

/* What a command is told, in its environment. */
struct break_facts {
	pid_t pid, tid;	    /* MPROF_PID, MPROF_TID */
	uint64_t bytes;	    /* MPROF_MEMORY */
	const char *text;   /* MPROF_BREAK: the condition */
	const char *stacks; /* MPROF_STACK: a file that has them; NULL: there are none */
};

/* Starts @command; that it could not be started is said. */
void break_command_run(struct session *session, const char *command,
		       const struct break_facts *facts);

/* A child of ours that is no process of the target has ended. If it was a command that has failed, that is said. */
void break_command_ended(struct session *session, pid_t pid, int status);

#endif
