/*
 * Makes a tracee execute a system call for us (tracee layer).
 *
 * Only for calls that neither block nor use restart_block nor move brk. Two stops each.
 */
#ifndef TRACEE_REMOTE_SYSCALL_H
#define TRACEE_REMOTE_SYSCALL_H

#include "tracer/tracee/target.h"

/*
 * @tracee must be in a stop: a trap, a syscall-exit-stop, one in which it is about to get a signal, or one that PTRACE_INTERRUPT has brought about,
 * in a system call that the kernel restarts (thread_sleeps_lightly). @insn is the
 * address of a system call instruction in its memory, arch_resume_code perhaps: then @kept is where its words are,
 * and the thread survives our being killed in between; 0: nowhere. Its registers and signal mask are restored,
 * as is the signal that it is about to get, with what it tells, and signals that arrive meanwhile stay pending. *@ret_result is the kernel's result, -errno on
 * failure. Fails with ERR_GONE when the tracee dies.
 */
struct error *remote_syscall(struct tracee *tracee, taddr_t insn, taddr_t kept, long number,
			     const uint64_t arguments[6], long *ret_result) MUST_CHECK;

/*
 * Whether @tracee, which is about to get @signal, has another one of that number pending: it would get them in another
 * order after a system call of ours, and not with what each of them tells.
 */
struct error *remote_syscall_mixes(const struct tracee *tracee, int signal, bool *ret) MUST_CHECK;

/* Whether it would not get it at all: one of job control, or a SIGTRAP, that has come to a system call. */
struct error *remote_syscall_forgets(const struct tracee *tracee, int signal, bool *ret) MUST_CHECK;

#endif
