/*
 * What has to be done in a process before the first trap is written (loop layer).
 */
#ifndef LOOP_ATTACH_ATTACH_SECURE_H
#define LOOP_ATTACH_ATTACH_SECURE_H

#include "tracer/loop/state/session.h"

/*
 * Injects what makes @process, whose memory is its own, survive our death, asks for its own handler of SIGTRAP, and
 * patches the functions by which it may change that (SITE_TRAP_WATCH). Without a thread that can be stopped unfelt
 * what is injected is so at the first hit; where that would be too late, the process is recorded without probes.
 * Does nothing the second time.
 */
struct error *attach_secure(struct session *session, struct process *process) MUST_CHECK;

#endif
