/*
 * What is recorded beside the memory of a process, when it is sampled (loop layer): --with.
 */
#ifndef LOOP_MEMORY_COMPANIONS_H
#define LOOP_MEMORY_COMPANIONS_H

#include "tracer/loop/state/session.h"

/* @process has been read at @time_ns: records what has changed of it. Limits are looked at now and then. */
void companions_take(struct session *session, struct process *process, int64_t time_ns);

#endif
