/* The lines of Python functions (loop layer): where the text of each is, for its account (lines/line_tables.h). */
#ifndef LOOP_PYTHON_PYTHON_LINES_H
#define LOOP_PYTHON_PYTHON_LINES_H

#include "tracer/loop/state/session.h"
#include "tracer/probe/lines/line_plan.h"

/*
 * Functions of @probe's name are written in lines @first to @last of @file. Of several, in one file or not, all lines
 * have to be noted before one of them is called: what comes later is not told apart from the line that ran before it.
 */
struct error *python_lines_note(struct session *session, const struct probe *probe, unsigned first,
				unsigned last, const char *file) MUST_CHECK;

/* The lines of @probe's functions; NULL: they are not looked at, or none are known. Valid as long as the session. */
const struct line_function *python_lines_of(struct session *session, const struct probe *probe);

void python_lines_deinit(struct session *session);

#endif
