/*
 * A program from the return of execve to its own code (loop layer).
 */
#ifndef LOOP_DISPATCH_PROGRAM_START_H
#define LOOP_DISPATCH_PROGRAM_START_H

#include "tracer/loop/state/session.h"

/*
 * The program is mapped with its interpreter, and no instruction of it has run: plans its probes, and resumes
 * @tracee.
 */
struct error *program_start_exec_left(struct session *session, struct tracee *tracee) MUST_CHECK;

/*
 * A site of ours was hit, and dealt with: all libraries of the main process may be there now. Whether it was refused
 * then, for --strict: it is being killed, and is not to be resumed.
 */
bool program_start_hit(struct session *session, const struct tracee *tracee);

#endif
