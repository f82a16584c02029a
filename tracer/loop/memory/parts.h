/*
 * What the memory of a process is made of, when it is sampled (loop layer): --split.
 */
#ifndef LOOP_MEMORY_PARTS_H
#define LOOP_MEMORY_PARTS_H

#include "tracer/loop/state/session.h"

/*
 * @process has been read at @time_ns: records its parts, those that have changed. Its mappings are looked at when that is
 * due: a twenty-fifth of the time at most goes to it, of all processes together, and the longer a recording is, the
 * fewer looks it needs.
 */
void parts_take(struct session *session, struct process *process, int64_t time_ns);

#endif
