/*
 * What the event loop waits for, besides the stops of threads (loop layer): descriptors, and which of them
 * have something to tell. What is done about it is event_loop.h's.
 */
#ifndef LOOP_EVENT_SOURCES_H
#define LOOP_EVENT_SOURCES_H

#include <stdint.h>

#include "tracer/loop/state/session.h"

/* What has happened: bits. */
enum event {
	EVENT_SIGNAL = 1 << 0,
	EVENT_TICK = 1 << 1,
	EVENT_FRONT = 1 << 2, /* the front end has died */
	EVENT_TIMEOUT = 1 << 3,
	EVENT_GROWTH = 1 << 4, /* there is growth to be charged */
};

struct event_sources {
	int epoll_fd; /* of the next four: asked a thousand times a second, poll(2) costs more */
	int signal_fd;
	int tick_fd;
	int timeout_fd; /* fires once; never, without a timeout */
	int front_fd;	/* pidfd of the front end; -1: none, its death is not noticed */
};

/*
 * Ticks lie on a fixed grid from now on; what is missed is not made up for. Closed by event_sources_close,
 * also after a failure.
 */
struct error *event_sources_open(struct event_sources *sources,
				 const struct session_options *options) MUST_CHECK;
void event_sources_close(struct event_sources *sources);

/* EVENT_TIMEOUT comes after @after_ns, once (0: never), and not when it was to come. */
struct error *event_sources_set_timeout(struct event_sources *sources, int64_t after_ns) MUST_CHECK;

/* What makes @fd readable is told as @event, from now on. @fd stays the caller's. */
struct error *event_sources_watch(const struct event_sources *sources, int fd,
				  enum event event) MUST_CHECK;

/* The front end's death has been noticed: it is not told again. */
void event_sources_forget_front(struct event_sources *sources);

/*
 * Waits for the first event, for @timeout_ns at most, in whole milliseconds (-1: for ever). *@ret_events:
 * EVENT_… bits; none after the timeout, or a signal that we have caught.
 */
struct error *event_sources_wait(const struct event_sources *sources, int64_t timeout_ns,
				 unsigned *ret_events) MUST_CHECK;

/* How long it is until the next tick; 0: one is due, or it cannot be told. */
int64_t event_sources_next_tick_ns(const struct event_sources *sources);

/* How often the timer behind @fd, one of the two, has fired since that was last asked. */
uint64_t event_sources_read_timer(int fd);

#endif
