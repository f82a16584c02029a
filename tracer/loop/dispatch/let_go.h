/*
 * Programs that trace others themselves (loop layer).
 *
 * A thread has one tracer. A process that calls ptrace(2) is let go before its call takes effect, with all
 * that descends from it, and so is the process that it is about to trace: they are sampled from then on.
 * That a program could call ptrace(2) is no reason: sudo(8) can.
 *
 * One that is handed over to a debugger leaves in the same way, but stands still afterwards.
 *
 * Running threads are interrupted, and leave at the stop that comes of it; the call waits until those that it
 * may be about have left.
 */
#ifndef LOOP_DISPATCH_LET_GO_H
#define LOOP_DISPATCH_LET_GO_H

#include "tracer/loop/state/session.h"

/*
 * @tracee is in a stop that has been dealt with but for being resumed. Whether it stays there, because its
 * process is leaving.
 */
bool let_go_keeps(struct session *session, const struct tracee *tracee);

/*
 * The same without such a call: @process alone leaves, and stands still then (SIGSTOP), where its threads are: they are
 * stopped first, also those that sleep. Its memory has nothing of ours any more. It is sampled from then on, and
 * session->breaks is due.
 */
void let_go_standing(struct session *session, struct process *process);

/* Goes on with it, once the stops that have been fetched have been dealt with. */
void let_go_run(struct session *session);

#endif
