/*
 * Signals that come between a site and the instruction that it displaced (loop layer).
 *
 * The thread goes back to the site before it gets the signal, so that the site is hit once more
 * although nothing begins there. That is when the handler returns to it. A handler may also leave by
 * siglongjmp, after which the same frame is a new call. Or it has the thread go on elsewhere, as if
 * the interrupted code had called that, as Go's does: see goroutines.h.
 */
#ifndef LOOP_HIT_SIGNAL_AT_SITE_H
#define LOOP_HIT_SIGNAL_AT_SITE_H

#include "tracer/tracee/target.h"

/*
 * @tracee is about to get @signal and has been led from a slot back to @site. @cfa: as if a function
 * began there.
 */
struct error *signal_at_site_begins(struct tracee *tracee, taddr_t site, taddr_t cfa,
				    int signal) MUST_CHECK;

/* @child has been forked by @parent, and may be in its handlers as well. */
struct error *signal_at_site_copy(struct tracee *child, const struct tracee *parent) MUST_CHECK;

/* @tracee, which may be back from a handler, but has not hit the site yet, is about to get @signal. */
struct error *signal_at_site_recurs(struct tracee *tracee, int signal) MUST_CHECK;

/* @tracee, with an signal_at_site, is in a syscall-stop: is this the return of the handler? */
struct error *signal_at_site_watch(struct tracee *tracee) MUST_CHECK;

/*
 * Whether @tracee, which has hit @site, has been here before and goes on now; the signal_at_site is
 * forgotten. @cfa: as if a function began there.
 */
bool signal_at_site_ends(struct tracee *tracee, taddr_t site, taddr_t cfa);

#endif
