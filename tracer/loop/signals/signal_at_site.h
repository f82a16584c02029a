/*
 * Signals that come between a site and the instruction that it displaced (loop layer).
 *
 * The thread goes back to the site before it gets the signal: the handler finds the program's own
 * address, and the site is hit once more although nothing begins there. That is when the handler
 * returns to it. A handler may also leave by siglongjmp, after which the same frame is a new call. Or
 * it makes the thread run something else first, as if the interrupted code had called that, as Go's
 * does: then the site is hit once more by the goroutine, perhaps on another thread.
 */
#ifndef LOOP_SIGNALS_SIGNAL_AT_SITE_H
#define LOOP_SIGNALS_SIGNAL_AT_SITE_H

#include "tracer/tracee/target.h"

/*
 * @tracee is about to get @signal and has been led from a slot back to @site. @cfa: as if a function
 * began there.
 */
struct error *signal_at_site_begins(struct tracee *tracee, taddr_t site, taddr_t cfa,
				    int signal) MUST_CHECK;

/* Whether @tracee may come back to @site from a handler, in whichever frame, and resume there. */
bool signal_at_site_awaits(const struct tracee *tracee, taddr_t site);

/* @child has been forked by @parent, and may be in its handlers as well. */
struct error *signal_at_site_copy(struct tracee *child, const struct tracee *parent) MUST_CHECK;

/* @tracee has executed another program: no handler returns any more. */
void signal_at_site_forget(struct tracee *tracee);

/* @tracee is about to get @signal: it may be back from a handler and not have hit the site yet. */
struct error *signal_at_site_recurs(struct tracee *tracee, int signal) MUST_CHECK;

/* @tracee, whose sigreturn_waits is not 0, is in a syscall-stop: is this the return of a handler? */
struct error *signal_at_site_watch(struct tracee *tracee) MUST_CHECK;

/*
 * Whether @tracee, which has hit @site, has been here before and resumes now; that is forgotten.
 * @cfa: as if a function began at the site.
 */
bool signal_at_site_ends(struct tracee *tracee, taddr_t site, taddr_t cfa);

#endif
