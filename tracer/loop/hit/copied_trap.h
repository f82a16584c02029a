/*
 * A thread that has executed our trap in a copy of code (loop layer); see probe/copies.h.
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

#endif
