/*
 * The only caller of ptrace(2) (tracee layer).
 *
 * Each call names a tracee by tid. Unless said otherwise the tracee must be in a ptrace stop. All
 * fail with ERR_GONE when it is not there or not stopped any more (killed): normal control flow. What may go
 * well when it is tried again is tried again (retry.h): without it a thread would stand still for ever.
 */
#ifndef TRACEE_PTRACE_OPS_H
#define TRACEE_PTRACE_OPS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/user.h>

#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

/* What the kernel is asked for, of a thread and of all that it makes, besides what the engine always needs. */
struct ptrace_wishes {
	bool kills_on_exit; /* it is killed when its tracer dies (PTRACE_O_EXITKILL, since Linux 3.8) */
	bool tells_vfork_done; /* it stops when its vfork child has left its memory */
};

/* Seizes a running thread with the options that the engine needs, and @wishes; does not wake it. */
struct error *ptrace_seize(pid_t tid, struct ptrace_wishes wishes) MUST_CHECK;

/* Whether all of ptrace(2) is refused here: a child that asks for a tracer is. */
bool ptrace_is_forbidden(void);

/* Whether a program's own ptrace(2) with @request asks its parent to trace it. */
bool ptrace_is_traceme(int request);

/* wait4(2) for any kind of thread (__WALL), with @options; @ret_usage may be NULL. The tid, 0, or -1 and errno. */
pid_t ptrace_wait(pid_t tid, int *ret_status, int options, struct rusage *ret_usage);

/* The same, but waits until there is one, or a signal is caught: -1 and EINTR. */
pid_t ptrace_wait_or_signal(pid_t tid, int *ret_status, struct rusage *ret_usage);

/*
 * Waits until the tracee has stopped, as ptrace_wait, or ended: its end stays to be waited for. That is ERR_GONE.
 */
struct error *ptrace_wait_for_stop(pid_t tid, int *ret_status) MUST_CHECK;

/* Resumes it, injecting @signal (0: none). */
struct error *ptrace_cont(pid_t tid, int signal) MUST_CHECK;
struct error *ptrace_cont_to_syscall_stop(pid_t tid, int signal) MUST_CHECK;

/* Lets it execute one instruction (PTRACE_SINGLESTEP): its next stop is a SIGTRAP with TRAP_TRACE, or another. */
struct error *ptrace_step(pid_t tid) MUST_CHECK;

/* Lets a tracee in a group-stop stay stopped, but listen for SIGCONT. */
struct error *ptrace_listen(pid_t tid) MUST_CHECK;

/* Asks a running tracee to stop. It need not be stopped. */
struct error *ptrace_interrupt(pid_t tid) MUST_CHECK;

struct error *ptrace_detach(pid_t tid, int signal) MUST_CHECK;

/*
 * Lets the tracee's system calls pass its seccomp filters, until told otherwise. Fails (EPERM) without
 * CAP_SYS_ADMIN. @wishes: those that it was seized with.
 */
struct error *ptrace_suspend_seccomp(pid_t tid, bool is_suspended,
				     struct ptrace_wishes wishes) MUST_CHECK;

struct error *ptrace_get_regs(pid_t tid, struct user_regs_struct *ret) MUST_CHECK;
struct error *ptrace_set_regs(pid_t tid, const struct user_regs_struct *regs) MUST_CHECK;

/*
 * A set of registers by its note's type (elf.h): *@bytes is how many there is room for, and then how many it has; 0: the
 * processor has no such set.
 */
struct error *ptrace_get_register_set(pid_t tid, unsigned type, void *ret,
				      size_t *bytes) MUST_CHECK;

/* The two that every probe hit needs, at half the price of all registers. */
struct error *ptrace_get_pc_sp(pid_t tid, taddr_t *ret_pc, taddr_t *ret_sp) MUST_CHECK;
struct error *ptrace_set_pc(pid_t tid, taddr_t pc) MUST_CHECK;

struct error *ptrace_get_siginfo(pid_t tid, siginfo_t *ret) MUST_CHECK;
/* Whether it is in a ptrace stop, which its being killed would end: not in that of its own exit, nor in a group-stop. */
bool ptrace_is_stopped_alive(pid_t tid);
struct error *ptrace_set_siginfo(pid_t tid, const siginfo_t *info) MUST_CHECK;
struct error *ptrace_get_event_message(pid_t tid, unsigned long *ret) MUST_CHECK;

struct error *ptrace_get_sigmask(pid_t tid, uint64_t *ret) MUST_CHECK;
struct error *ptrace_set_sigmask(pid_t tid, uint64_t mask) MUST_CHECK;

/* The first @signal that is pending for its process (not for it alone), which stays there. */
struct error *ptrace_peek_pending(pid_t tid, int signal, siginfo_t *ret,
				  bool *ret_is_there) MUST_CHECK;

#endif
