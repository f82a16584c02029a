/*
 * What a core file shows of the threads that do not die themselves (loop layer).
 *
 * A signal whose action is to dump core ends the process where its threads are, and the core file has their program
 * counters: of a busy thread, as likely as not in a slot or a pad, which debuggers cannot unwind. So the others that
 * run are stopped first and led out; there they wait to be killed.
 *
 *   the thread with the signal          we                                    another thread
 *   stops for the signal
 *                                       own code in place of all jumps
 *                                       PTRACE_INTERRUPT                      stops, in a pad
 *                                                                             is led out, stays stopped
 *                                       the signal is injected
 *   dumps core: do_coredump kills all                                         dies where it is
 *
 * Threads that sleep are left alone: they are in system calls of the program's. Nothing waits for ever: a thread that
 * does not stop shows where it is, and if the process lives after all, those that wait run on.
 */
#ifndef LOOP_DISPATCH_CORE_DUMP_H
#define LOOP_DISPATCH_CORE_DUMP_H

#include "tracer/loop/state/session.h"

/*
 * @tracee is about to get @signal. *@ret_dumps: its process is going to dump core, and its other threads stand in
 * code of the program's. Other stops may have been dealt with meanwhile: @tracee may be gone.
 */
struct error *core_dump_begin(struct session *session, struct tracee *tracee, int signal,
			      bool *ret_dumps) MUST_CHECK;

/* Thread @tid of process @pid has been resumed with the signal, or that has failed. */
void core_dump_end(const struct session *session, pid_t pid, pid_t tid);

/*
 * The threads of process @pid that run are held where they are, and with @with_sleepers those that sleep: they do not feel
 * it (hit_hide_interrupt). Other stops may be dealt with meanwhile, and the process be gone. One that does not stop is not
 * waited for for long.
 */
struct error *core_dump_hold(struct session *session, pid_t pid, bool with_sleepers) MUST_CHECK;
/* They run on. */
void core_dump_let_run(const struct session *session, pid_t pid);

#endif
