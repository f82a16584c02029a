/*
 * What happens when a thread hits a site, and how it is led out of a slot (loop layer).
 */
#ifndef LOOP_HIT_HIT_H
#define LOOP_HIT_HIT_H

#include "tracer/loop/state/session.h"

/*
 * @tracee is in a signal-delivery-stop of SIGTRAP. If it has hit one of our sites, the roles of the site
 * are played, the pc is moved to the slot, and *@ret_is_ours is set; otherwise nothing is changed.
 */
struct error *hit_handle(struct session *session, struct tracee *tracee,
			 bool *ret_is_ours) MUST_CHECK;

/*
 * Something of ours has failed in @process, whose thread stands in a stop: from now on it is recorded without
 * probes, and that is said. Takes @why.
 */
void hit_stop_probing(const struct process *process, struct error *why);

/*
 * @tracee is in a signal-delivery-stop of SIGTRAP that has not been waited for. If it is behind one of our
 * traps, its pc is moved in front of the trap. When we are killed, a thread gets that SIGTRAP only
 * until its stop has been waited for (wait_task_stopped, kernel/exit.c): after that it would run on
 * behind the trap, in the middle of an instruction.
 */
struct error *hit_rewind(struct tracee *tracee) MUST_CHECK;

/*
 * Likewise, of a stop that is fetched and not dealt with, if it is one of our traps: whoever looks at the thread finds it
 * in front of it; one that was in a pad, at the site, unless it @lives on. When the stop is dealt with, it is a hit.
 */
struct error *hit_show_site(struct tracee *tracee, bool lives) MUST_CHECK;

/* As hit_handle, without a session, for the site at the dynamic linker alone. */
struct error *hit_linker(struct planner *planner, struct tracee *tracee,
			 bool *ret_is_ours) MUST_CHECK;

/* As hit_handle, but as if the trap had not been there: for a thread that is released. */
struct error *hit_undo(struct session *session, struct tracee *tracee,
		       bool *ret_is_ours) MUST_CHECK;

/*
 * Whether @tracee, in a stop that is none of a signal, has executed one of our traps already. The
 * SIGTRAP is still pending then, because PTRACE_INTERRUPT's stop comes first.
 */
bool hit_is_pending(const struct tracee *tracee);

/*
 * @tracee is about to get a signal, or to be released: if it is inside a slot, its registers become
 * those of the original program. @signal: the one that it gets, 0 for none.
 */
struct error *hit_leave_slot(struct tracee *tracee, int signal) MUST_CHECK;

/*
 * @tracee is in the stop that our PTRACE_INTERRUPT has brought about. A system call that fails with
 * EINTR only because of it is made again; its timeout, if it has one, begins anew. For the rest of a
 * transfer that has been cut see transfer.h: @tracee->transfer is set then.
 */
struct error *hit_hide_interrupt(struct tracee *tracee) MUST_CHECK;

#endif
