/*
 * What --break-at and its like ask for, and what has come of it (loop layer, ground floor).
 */
#ifndef LOOP_STATE_BREAK_SETTINGS_H
#define LOOP_STATE_BREAK_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/loop/state/break_watch.h"

/* --on-break */
enum break_action {
	BREAK_STACK,   /* says where the threads are */
	BREAK_STOP,    /* the process stands still, as by SIGSTOP, without us */
	BREAK_CORE,    /* a core file of it is written */
	BREAK_KILL,    /* it is killed */
	BREAK_GDB,     /* it is handed over to gdb on the terminal */
	BREAK_COMMAND, /* a shell command is run */
};

struct break_settings {
	struct break_condition conditions[BREAK_CONDITIONS_MOST];
	size_t condition_count; /* 0: there are no breaks at all */
	/* The patterns of --break-in, by their numbers; none: breaks are wherever a condition holds. */
	size_t in_first, in_end;
	enum break_action action;
	const char *command; /* with BREAK_COMMAND; borrowed */
	bool every;	     /* not once a process only */
	bool resumes;	     /* after gdb the process is traced again */
};

/* Whether threads must be traced for what is done; @settings: NULL: there are no breaks. */
static inline bool break_settings_need_threads(const struct break_settings *settings)
{
	return settings != NULL &&
	       (settings->action == BREAK_STACK || settings->action == BREAK_CORE);
}

/* The ends of so many commands are waited for; others end unnoticed. */
enum { BREAK_COMMANDS_MOST = 16 };

/* Of a recording. */
struct break_state {
	bool is_due; /* some process has something due */
	struct break_highest highest;
	uint64_t count[BREAK_CONDITIONS_MOST]; /* breaks so far, of each condition */
	pid_t gdb_pid; /* the process that gdb has, or is about to have; 0: none */
	pid_t commands[BREAK_COMMANDS_MOST]; /* that run; 0: a free place */
};

/* Of a process. Zeroed: nothing is watched. */
struct process_break_state {
	struct break_watch *watch;	       /* NULL: nothing is watched. Owned */
	const struct break_settings *settings; /* with @watch; borrowed, as the next is */
	struct break_state *shared;
	unsigned due;	/* bit i: condition i has come to hold, and nothing is done about it yet */
	uint64_t bytes; /* that were read last, or when the first of those became due */
	pid_t left_tid; /* it leaves for a break of this thread, or has left, and stands still; 0: none */
};

/* Of a thread. */
struct thread_break_state {
	unsigned due; /* as above, but at the stop that it is kept in for that; 0: it is not */
};

#endif
