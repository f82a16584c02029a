/*
 * Processes and threads come, change their program, and go (loop layer).
 */
#ifndef LOOP_DISPATCH_FAMILY_H
#define LOOP_DISPATCH_FAMILY_H

#include <sys/resource.h>

#include "tracer/loop/state/session.h"

/* The launched program's process, seized and standing before its exec. */
struct error *family_add_launched(struct session *session, pid_t pid) MUST_CHECK;

/*
 * @parent, in a fork, vfork or clone event stop, has made @tid: a thread of its own process, or a
 * process. *@ret is NULL when it has ended already.
 */
struct error *family_add(struct session *session, struct tracee *parent, pid_t tid, bool is_vfork,
			 struct tracee **ret) MUST_CHECK;

/*
 * PTRACE_EVENT_EXEC of @tracee, which was @former_tid before. @usage is wait4's: its ru_maxrss is the
 * peak of the program that is gone. The other threads of the process are gone, too.
 */
struct error *family_exec(struct session *session, pid_t pid, pid_t former_tid,
			  const struct rusage *usage) MUST_CHECK;

/* From now on @process is sampled, and has records. */
struct error *family_introduce(struct session *session, struct process *process) MUST_CHECK;

/* The same for one whose memory is being read already. */
void family_announce(struct session *session, struct process *process);

/* PTRACE_EVENT_EXIT: the last look at its memory. */
void family_exiting(struct session *session, struct tracee *tracee);

/* The thread is gone, with @status as a shell's $?. */
void family_ended(struct session *session, struct tracee *tracee, int status);

/* Forgets a thread without its end, and its process with the last one. */
void family_forget(struct session *session, struct tracee *tracee);

#endif
