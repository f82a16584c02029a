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
	bool is_waited; /* false: the thread stands in front of its signal, see arrivals_fetch, or arrivals_await */
};

/* So many are fetched at once, before ticks and signals get their turn. */
enum { ARRIVALS_MAX = 64 };

/* Zeroed at first. */
struct arrivals {
	size_t count;
	bool is_all;	  /* there were no more */
	bool were_others; /* arrivals_await: when it last asked, more than one thread had stopped */
	unsigned alone;	  /* so often it has not asked since */
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
 * The same, but waits for the first of them; a signal that we catch ends the wait, and there are none then.
 * Others that have stopped meanwhile are not always asked for: @is_all is not set. Then the stop of a thread that has
 * met a trap may have been looked at only: it is fetched when the thread is resumed, or else before the next wait.
 */
struct error *arrivals_await(struct session *session, struct arrivals *arrivals) MUST_CHECK;

/* Whether all are threads that have met a trap. */
bool arrivals_are_traps(const struct arrivals *arrivals);

enum arrival_patience {
	ARRIVAL_NOW,	   /* what there is */
	ARRIVAL_AWAITED,   /* until there is one */
	ARRIVAL_OR_SIGNAL, /* until there is one, or we have caught a signal */
};

/*
 * Fetches one stop of @tid (-1: of any thread), if need be after waiting for it, prepared for our death as
 * arrivals_fetch is: until a thread that is about to get a signal has been resumed, the next fetch tells the same.
 * *@ret_is_there: false when there is none, or no such thread.
 */
struct error *arrival_fetch(struct session *session, pid_t tid, enum arrival_patience patience,
			    struct arrival *ret, bool *ret_is_there) MUST_CHECK;

#endif
