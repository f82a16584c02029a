/*
 * What has to be done in a process before the first trap is written (loop layer).
 */
#ifndef LOOP_ATTACH_ATTACH_SECURE_H
#define LOOP_ATTACH_ATTACH_SECURE_H

#include "tracer/loop/state/session.h"

/*
 * Injects what makes @process, whose memory is its own, survive our death, and asks for its own handler of
 * SIGTRAP. Without a thread that can be stopped unfelt it is done at the first hit; where that would be too
 * late, the process is recorded without probes.
 */
struct error *attach_secure(struct session *session, struct process *process) MUST_CHECK;

#endif
