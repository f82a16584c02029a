/*
 * A thread that has executed our trap, or our jump, in a copy of code (loop layer); see probe/copies.h.
 */
#ifndef LOOP_HIT_COPIED_TRAP_H
#define LOOP_HIT_COPIED_TRAP_H

#include "tracer/loop/state/session.h"

/*
 * @tracee is in a signal-delivery-stop of SIGTRAP, and *@site is NULL, or a site in a copy. *@ret_is_mended:
 * the trap is gone, and the thread in front of it again. Otherwise *@site becomes the site that is
 * to be dealt with as usual; NULL: the signal is the program's own.
 */
struct error *copied_trap_hit(struct session *session, struct tracee *tracee, struct site **site,
			      bool *ret_is_mended) MUST_CHECK;

/*
 * @tracee is in the signal-delivery-stop of @signal: if that is the fault of a jump that has led nowhere, the thread is
 * in front of the copy's own code, or of what does that instead. Otherwise *@ret_is_ours is false.
 */
struct error *copied_jump_fault(struct session *session, struct tracee *tracee, int signal,
				bool *ret_is_ours) MUST_CHECK;

#endif
