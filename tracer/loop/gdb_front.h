/*
 * The front end's part in handing a process over to gdb (loop layer): it has the terminal, and gdb runs on that.
 */
#ifndef LOOP_GDB_FRONT_H
#define LOOP_GDB_FRONT_H

#include "tracer/loop/state/session.h"

struct gdb_front {
	const struct session_options *options; /* borrowed */
	pid_t gdb;			       /* 0: none runs */
};

/* Before the engine is forked: makes options->hand_over, if gdb may be needed. */
struct error *gdb_front_prepare(struct session_options *options) MUST_CHECK;

/* A signal has come, from @engine perhaps: starts gdb if that was asked for, and tells of its end. */
void gdb_front_look(struct gdb_front *front, pid_t engine);

/* Whether what is typed is gdb's. */
bool gdb_front_is_on(const struct gdb_front *front);

/* The engine has ended: the terminal is gdb's until that has, too. */
void gdb_front_end(struct gdb_front *front);

#endif
