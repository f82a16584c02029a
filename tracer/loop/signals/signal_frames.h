/*
 * Signal handlers that threads were in when they were attached to (loop layer).
 *
 * A handler returns to where its signal has met the thread. Of signals that come while we trace, each is a stop that
 * says where (heat_signal); of those before, the frames on the stacks do. Until they have been read, no jump is
 * written that displaces several instructions. A frame is told by its looks, on whatever is left of the stack: what
 * only looks like one costs a jump at most.
 */
#ifndef LOOP_SIGNALS_SIGNAL_FRAMES_H
#define LOOP_SIGNALS_SIGNAL_FRAMES_H

#include "tracer/tracee/target.h"

/* @tracee was there before us: it may be in handlers. */
void signal_frames_expect(struct tracee *tracee);

/* @child is a copy of @parent, with its stack. */
void signal_frames_copy(struct tracee *child, const struct tracee *parent);

/* All of its stacks are gone. */
void signal_frames_forget(struct tracee *tracee);

/* @tracee is stopped: reads them, if that is still to be done. */
struct error *signal_frames_read_stopped(struct tracee *tracee) MUST_CHECK;

/* Likewise of one that sleeps, with its stack pointer at @sp. */
void signal_frames_read_asleep(struct tracee *tracee, taddr_t sp);

/*
 * The innermost frame, of the stack that @tracee is on at @sp, that returns to where @signal is not blocked; 0: there is none.
 * And whether such a frame is at @frame.
 */
taddr_t signal_frames_unblocking(const struct tracee *tracee, taddr_t sp, int signal);
bool signal_frames_unblocks(const struct tracee *tracee, taddr_t frame, int signal);

/* Whether nothing is unknown. */
bool signal_frames_are_known(const struct tracee *tracee);

#endif
