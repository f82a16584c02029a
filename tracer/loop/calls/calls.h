/*
 * The calls of all threads, from the site that saw them to the recorder (loop layer).
 */
#ifndef LOOP_CALLS_CALLS_H
#define LOOP_CALLS_CALLS_H

#include "tracer/loop/state/session.h"
#include "tracer/loop/calls/call_stack.h"

/* The time, and the memory of @process. */
struct call_event calls_event(const struct process *process);

/* @tracee has entered the function at @site, with this frame. */
struct error *calls_enter(struct session *session, struct tracee *tracee, struct site *site,
			  taddr_t cfa, taddr_t return_address) MUST_CHECK;

/* @tracee was in the function at @site already when it was attached to. */
struct error *calls_found(struct session *session, struct tracee *tracee, struct site *site,
			  taddr_t cfa, taddr_t return_address,
			  const struct call_event *attach) MUST_CHECK;

/*
 * @tracee is at the SITE_INLINED @site: calls of inlined functions begin or end there. @is_resumption: it
 * has been there before, and goes on after a signal handler.
 */
struct error *calls_inlined(struct session *session, struct tracee *tracee, const struct site *site,
			    bool is_resumption) MUST_CHECK;

/*
 * @tracee has reached @pc, behind a call, with @sp. Looks at its own calls, then at those of other
 * threads of its process: a fiber may have moved. False: no call returned there.
 */
bool calls_return(struct session *session, struct tracee *tracee, taddr_t pc, taddr_t sp);

/* Likewise for a call that is told by marks, with its id; how it ended. */
struct error *calls_enter_marked(struct session *session, struct tracee *tracee,
				 struct probe *probe, uint64_t mark_id) MUST_CHECK;
void calls_leave_marked(struct session *session, struct tracee *tracee, const struct probe *probe,
			uint64_t mark_id, enum call_end how);
/* Whether a call of @probe with frame @cfa is open where @tracee is. */
bool calls_has(struct tracee *tracee, const struct probe *probe, taddr_t cfa);

/*
 * Whether the function at @part is a variant of one (linkage_name_variant) and entered from another
 * variant of it: it is the same call then, and no new one.
 */
bool calls_is_continued(struct tracee *tracee, const struct site *part, taddr_t cfa,
			taddr_t return_address);

/* @tracee has reached a static probe: a moment, or an end of a pair. */
struct error *calls_static_probe(struct session *session, struct tracee *tracee,
				 const struct site *site) MUST_CHECK;

/* @tracee is about to execute the return instruction of frame @cfa. */
void calls_return_frame(struct session *session, struct tracee *tracee, taddr_t cfa);

/* @tracee, in a stop, is about to exit. Calls on other stacks than its own stay with its process. */
void calls_thread_exits(struct session *session, struct tracee *tracee);

/* All calls of a thread end, and those that its process has kept, for a reason other than return. */
void calls_end_thread(struct session *session, struct tracee *tracee, enum call_end how);
void calls_end_orphans(struct session *session, struct process *process, enum call_end how);

/* Writes down the calls that are open and have not been written down yet. */
void calls_note_open(struct session *session);

#endif
