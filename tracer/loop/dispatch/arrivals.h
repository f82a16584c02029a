/*
 * Fetches stops, as wait4(2) tells them (loop layer). What is done about them is dispatch.h's.
 */
#ifndef LOOP_DISPATCH_ARRIVALS_H
#define LOOP_DISPATCH_ARRIVALS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>

#include "tracer/loop/dispatch/stop.h"
#include "tracer/loop/state/session.h"

/* One stop, or end, of a thread. */
struct arrival {
	struct stop stop;
	struct rusage usage; /* of one that has been waited for */
	bool is_waited; /* false: the thread stands in front of its signal, see arrivals_fetch */
};

/* So many are fetched at once, before ticks and signals get their turn. */
enum { ARRIVALS_MAX = 64 };

struct arrivals {
	size_t count;
	bool is_all; /* there were no more */
	struct arrival all[ARRIVALS_MAX];
};

/*
 * Replaces @arrivals by the stops that there are now. All are fetched before any is dealt with: wait4
 * goes through the tracees in an order of its own, and a few that stop all the time would keep the
 * others waiting.
 *
 * It is prepared for our death, for a stop that has been waited for has lost its signal: a thread that
 * has met a trap is put in front of it before, and one that is about to get a signal is not waited for.
 * Until such a stop has been dealt with nothing behind it can be fetched: it is the last.
 */
struct error *arrivals_fetch(struct session *session, struct arrivals *arrivals) MUST_CHECK;

/*
 * Fetches one stop of @tid (-1: of any thread) and waits for it, with its signal; @is_awaited: until there
 * is one. *@ret_is_there: false when there is none now, or, if awaited, no such thread.
 */
struct error *arrival_fetch(pid_t tid, bool is_awaited, struct arrival *ret,
			    bool *ret_is_there) MUST_CHECK;

#endif
