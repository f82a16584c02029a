/*
 * A live view in a process of its own (cli layer): whatever becomes of it, the recording goes on, and the
 * terminal is given back.
 */
#ifndef CLI_LIVE_VIEW_PROCESS_H
#define CLI_LIVE_VIEW_PROCESS_H

#include <sys/types.h>
#include <termios.h>

#include "plot/live/live_view.h"

enum view_state {
	VIEW_RUNS,
	VIEW_ENDED,  /* because the recording has, or it was told to */
	VIEW_LEFT,   /* the user has */
	VIEW_FAILED, /* it has said why, or was killed */
};

struct view_process {
	pid_t pid;
	int terminal_fd;
	struct termios before; /* of the terminal */
	enum view_state state;
	int signal; /* that has killed it; 0: none */
};

/* ERR_USAGE where there is no terminal for it. @keep_closed: descriptors that it must not hold, -1 ends. */
struct error *view_process_start(struct view_process *ret, const struct live_view_source *source,
				 const int *keep_closed) MUST_CHECK;

/* SIGCHLD: it may have ended. Whether it has just now. */
bool view_process_look(struct view_process *view);

/* SIGTSTP: stops the view, then ourselves; returns when both go on. */
void view_process_stop(struct view_process *view);

/* Waits for its end, which is near. Releases @view. */
void view_process_finish(struct view_process *view);

#endif
