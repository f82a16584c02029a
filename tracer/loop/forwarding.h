/*
 * Signals that were sent to us and may have been meant for the program (loop layer).
 *
 * The front end sends us each that it gets. One that went to the process group of both has reached the
 * program as well, and must not come twice: whether it has is known only once the program's stops that
 * there are by then have been dealt with.
 */
#ifndef LOOP_FORWARDING_H
#define LOOP_FORWARDING_H

#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <sys/types.h>

#include "tracer/loop/state/session.h"

/* SIGCHLD, and the signals that are passed on to the program. */
void forwarding_signals(sigset_t *ret);

/*
 * All that the engine of a program that we have started takes note of. It is the program's parent, as far
 * as that can see: what the program sends to getppid() is passed on to our own parent, which would have
 * been the program's, and does nothing to us.
 */
void forwarding_engine_signals(sigset_t *ret);

/*
 * Sent along with a signal (sigqueue): the pid of its sender, or that the terminal has sent it, to the
 * program too.
 */
enum { SIGNAL_FROM_TERMINAL = -1 };

/* Zeroed: there are none. */
struct forwarding {
	struct forwarded_signal {
		int signal;
		pid_t sender;
	} signals[16];
	size_t count;
};

/*
 * @info has come. Keeps it, if the program may not have had it yet; with no room, it is passed on at
 * once. Returns whether it asks us, not the program, to end.
 */
bool forwarding_note(struct forwarding *forwarding, const struct session *session,
		     const struct signalfd_siginfo *info);

/* Passes on what is kept, but for what the program has had; all its stops have been dealt with. */
void forwarding_pass(struct forwarding *forwarding, const struct session *session);

#endif
