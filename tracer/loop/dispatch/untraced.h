/*
 * Processes that are sampled and not traced (loop layer): by the user's wish, and programs that trace
 * others themselves, which a tracer of their own would hinder.
 */
#ifndef LOOP_DISPATCH_UNTRACED_H
#define LOOP_DISPATCH_UNTRACED_H

#include <sys/resource.h>

#include "tracer/loop/state/session.h"

/* The launched program, never seized, has executed. */
struct error *untraced_launched(struct session *session) MUST_CHECK;

/* All processes that the target has are attached to without probes: they are sampled. */
struct error *untraced_attached(struct session *session) MUST_CHECK;

/* @process, of which no thread is traced, is sampled only from now on. */
struct error *untraced_take(struct session *session, struct process *process) MUST_CHECK;

/*
 * @tracee, alone in its process and in a stop, has just executed a program that may call ptrace(2), and
 * nothing of it can be watched: detaches it. Its process is only sampled from now on. Where it can be
 * watched let_go.h waits for the call itself.
 */
bool untraced_is_wanted(struct session *session, const struct tracee *tracee);
struct error *untraced_begin(struct session *session, struct tracee *tracee) MUST_CHECK;

/* The last thread of @process has been detached: it is only sampled from now on. */
struct error *untraced_enter(struct session *session, struct process *process) MUST_CHECK;

/* A tick: finds new children, reads peaks, forgets processes that have ended. */
void untraced_tick(struct session *session);

/* Finds new children alone. */
void untraced_find_children(struct session *session);

/* Our child @pid, which is sampled only, has ended. */
void untraced_ended(struct session *session, pid_t pid, int status, const struct rusage *usage);

/* At the end of the recording: forgets all of them. */
void untraced_forget_all(struct session *session);

#endif
