/*
 * Which processes and threads are attached to (loop layer).
 */
#ifndef LOOP_ATTACH_ATTACH_THREADS_H
#define LOOP_ATTACH_ATTACH_THREADS_H

#include "tracer/loop/state/session.h"

bool attach_shares_memory(pid_t a, pid_t b);

/*
 * Seizes what is there of @process; *@ret_found: it had threads that were not traced before. A child that may not be traced
 * is only sampled from now on.
 */
struct error *attach_seize(struct session *session, struct process *process,
			   bool *ret_found) MUST_CHECK;

/*
 * All that is known, and their descendants if they are followed, until there is nothing new. *@ret_found: there was.
 */
struct error *attach_seize_all(struct session *session, bool *ret_found) MUST_CHECK;

/* Forgets processes that have ended meanwhile. */
void attach_drop_ended(struct session *session);

/* The pids of the processes that are traced, the main one first, as the file has it. Owned by the caller. */
struct error *attach_list(const struct session *session, pid_t **ret, size_t *ret_count) MUST_CHECK;

#endif
