/*
 * What lines have gained, of all functions in one process (loop layer): accounts, and how they get into the file.
 */
#ifndef LOOP_LINES_LINE_TABLES_H
#define LOOP_LINES_LINE_TABLES_H

#include "tracer/loop/lines/line_account.h"
#include "tracer/loop/state/session.h"
#include "tracer/probe/lines/line_plan.h"

/* The account of @function in @process; NULL: none of it has run there. */
struct line_account *line_tables_find(const struct process *process,
				      const struct line_function *function);

/* Likewise, made when there is none; the records are of @name, which is borrowed. */
struct error *line_tables_get(struct process *process, const struct line_function *function,
			      const char *name, struct line_account **ret) MUST_CHECK;

/* Likewise, for the function of an account of another process, of which it is a copy. */
struct error *line_tables_copy(struct process *process, const struct line_account *of_parent,
			       struct line_account **ret) MUST_CHECK;

/* The lines that begin at points @first to @end, which is not @first, of @function */
struct line_stop line_stop_at(const struct line_function *function, uint32_t first, uint32_t end);

/* Writes what has changed, of all processes, if it was not just done. */
void line_tables_write_if_due(struct session *session, int64_t now_ns);

/* @process ends, or is not recorded any more: its accounts are written, and forgotten. No activation is left. */
void line_tables_end(struct session *session, struct process *process);

#endif
