/*
 * Attaches to processes that run already (loop layer).
 *
 * No thread is stopped for it: they are seized, traps are written through /proc/PID/mem, and what
 * must be injected waits for the first thread that hits one.
 */
#ifndef LOOP_ATTACH_ATTACH_H
#define LOOP_ATTACH_ATTACH_H

#include "tracer/loop/state/session.h"

/*
 * Takes the processes of the options, and their descendants if they are followed. When it is
 * refused, the error says why and what to do, and nothing has been changed in any process.
 */
struct error *attach_begin(struct session *session) MUST_CHECK;

/*
 * @process of the recording is sampled only, and runs: it is traced from now on. When that fails, it is sampled only, still.
 * What other processes report meanwhile is dealt with: @process may be gone.
 */
struct error *attach_again(struct session *session, struct process *process) MUST_CHECK;

#endif
