/*
 * Looks at threads that are to be released (loop layer): which ones can be left as they are, and which
 * ones have to be stopped for it.
 */
#ifndef LOOP_ATTACH_RELEASE_LOOK_H
#define LOOP_ATTACH_RELEASE_LOOK_H

#include "tracer/loop/state/session.h"

/* Whether no thread but @except can be in a slot of @space, or on the way into one. @space may be NULL. */
bool release_space_is_clear(const struct address_space *space, const struct tracee *except);

/* There were traps in @space until now: threads that are not held may have met one since they were looked at. */
void release_look_anew(const struct address_space *space);

/* Whether anything of ours is mapped in @space, which may be NULL. */
bool release_space_has_used(
	const struct address_space *space); /* by an mprof-trace that was killed */
bool release_space_has_mappings(const struct address_space *space);

/*
 * Looks at all threads that are not clear, and interrupts those that do not feel it; once it is not
 * patient any more, all. How many are still not clear.
 */
size_t release_look_at_all(struct session *session, bool is_patient);

/*
 * All are clear, and no thread was stopped that could unmap what is ours: one that sleeps lightly is
 * interrupted for it. False: there is none.
 */
bool release_ask_sleepers(struct session *session);

#endif
