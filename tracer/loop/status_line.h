/*
 * The line that a terminal shows while a program is recorded: time, memory, processes, calls (loop layer).
 *
 * It is drawn only where it disturbs nobody: our stderr is a terminal; standard output and error of each recorded
 * process are something else, as far as can be seen; and our job is in the terminal's foreground.
 */
#ifndef LOOP_STATUS_LINE_H
#define LOOP_STATUS_LINE_H

#include "tracer/loop/state/session.h"

/* Finds out whether there may be one. */
void status_line_begin(struct session *session);

/* Draws it when it is time for that, or takes it away when it disturbs. */
void status_line_look(struct session *session);

/* How long it may stand as it is, while it is there; -1: for ever. */
int64_t status_line_patience_ns(const struct session *session);

/* Takes it away; there will be none. */
void status_line_end(struct session *session);

#endif
