/*
 * Threads that a signal meets in the middle of displaced code (loop layer).
 *
 * A jump displaces several instructions. A handler must see the program's own pc, and returns there; but where the
 * second of them was, there are the jump's last bytes now. So the thread first executes the rest of them, a few single
 * steps, and then gets the signal: that it came so much later, nobody can tell. All other signals wait meanwhile.
 */
#ifndef LOOP_SIGNALS_STEP_OUT_H
#define LOOP_SIGNALS_STEP_OUT_H

#include "tracer/tracee/target.h"

/*
 * @tracee is about to get @signal. Where that must wait, the thread has been resumed, and *@ret_waits is set; its
 * next stops belong to step_out_stop. What cannot wait, a fault of the displaced code itself, gets the program's own
 * code back there first.
 */
struct error *step_out_begin(struct tracee *tracee, int signal, bool *ret_waits) MUST_CHECK;

/* Whether @tracee steps. */
bool step_out_is_on(const struct tracee *tracee);

/*
 * @tracee, which steps, has stopped, for @signal (0: another stop, after which it has been resumed). *@ret_signal: it
 * is out, as at any stop for a signal, and is to get this one; 0: it steps on, and has been resumed.
 */
struct error *step_out_stop(struct tracee *tracee, int signal, int *ret_signal) MUST_CHECK;

#endif
