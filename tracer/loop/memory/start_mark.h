/*
 * How much memory a program has when it has been loaded, before any code of its own (loop layer).
 *
 * That is when the dynamic linker reports that all libraries are mapped and relocated, before it calls their
 * constructors; where it does not report that (musl, a static program), at the program's entry point (AT_ENTRY,
 * getauxval(3)). What a program does with SIGTRAP is as at its exec until then: a trap cannot change it
 * unseen. Where nothing is to be probed all of ours goes then.
 */
#ifndef LOOP_MEMORY_START_MARK_H
#define LOOP_MEMORY_START_MARK_H

#include "tracer/loop/state/session.h"

/* Whether functions of the programs are probed at all. */
bool session_probes(const struct session *session);

/* Whether it is still to be told of @process, which has just executed a program. */
bool start_mark_is_due(const struct session *session, const struct process *process);

/* A thread of @process is there: writes the MARK, of the main process and once. */
void start_mark_take(struct session *session, struct process *process, pid_t tid);

#endif
