/*
 * Notices when a trap has cost the program the handler that lets it outlive us (trap_fallback.h) (loop layer).
 *
 * When an int3 is executed while SIGTRAP is blocked, the kernel resets its action to the default. Where the program itself
 * has blocked it, sigtrap_state.h knows, and restores the handler after each hit. A mask that comes with the program's signal
 * handlers (sigaction(2), sa_mask) or is set past the C library nobody has seen: it is looked for here, at a low price.
 */
#ifndef LOOP_SIGNALS_FALLBACK_WATCH_H
#define LOOP_SIGNALS_FALLBACK_WATCH_H

#include "tracer/tracee/target.h"

/* @tracee gets a signal now: a handler may begin, with a mask of its own. */
void fallback_watch_signal(struct tracee *tracee);

/*
 * Whether the handler, which is installed, is there no more. @tracee is in the stop of one of our traps. Asks the kernel
 * only if the mask may be another one than at the last trap of @tracee.
 */
bool fallback_watch_is_lost(struct tracee *tracee);

#endif
