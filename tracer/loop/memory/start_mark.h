/*
 * How much memory a program has when it has been loaded, before any code of its own (loop layer).
 *
 * At the program's entry point (AT_ENTRY, getauxval(3)) its libraries are mapped and initialized, and neither
 * its own constructors nor main have run. A site there tells, where the options want it; in a process in
 * which nothing is probed it is the only one, is met once, and needs nothing mapped into the process.
 */
#ifndef LOOP_MEMORY_START_MARK_H
#define LOOP_MEMORY_START_MARK_H

#include "tracer/loop/state/session.h"

/* Whether functions of the programs are probed at all. */
bool session_probes(const struct session *session);

/* Whether the site is to be in @process, which has just executed a program. */
bool start_mark_is_due(const struct session *session, const struct process *process);

/* A thread of @process is at the site: writes the MARK, of the main process and once. */
void start_mark_take(struct session *session, struct process *process, pid_t tid);

#endif
