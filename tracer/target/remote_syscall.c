/* Makes a tracee execute a system call; see remote_syscall.h. Target layer. */
#include "tracer/target/remote_syscall.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "tracer/arch/arch.h"
#include "tracer/target/ptrace_ops.h"

/* Steps over the one instruction. Only SIGKILL and stop signals can come in between. */
static struct error *step_over_syscall(pid_t tid, taddr_t insn)
{
	for (;;) {
		int status;
		struct error *err = ptrace_step(tid, 0);
		if (err != NULL)
			return err;
		pid_t got;
		do
			got = waitpid(tid, &status, __WALL);
		while (got < 0 && errno == EINTR);
		if (got < 0)
			return error_os(errno, "wait for thread %d", tid);
		if (!WIFSTOPPED(status))
			return error_os(ESRCH, "thread %d ended", tid);
		taddr_t pc, sp;
		err = ptrace_get_pc_sp(tid, &pc, &sp);
		if (err != NULL)
			return err;
		/* A group-stop's PTRACE_EVENT_STOP comes before the step is done: step again. The
		 * kernel reports the group-stop anew once the tracee runs on. */
		if (!taddr_equal(pc, insn))
			return NULL;
	}
}

struct error *remote_syscall(struct tracee *tracee, taddr_t insn, long number,
			     const uint64_t arguments[6], long *ret_result)
{
	struct user_regs_struct saved, regs;
	uint64_t mask;

	struct error *err = ptrace_get_regs(tracee->tid, &saved);
	if (err == NULL)
		err = ptrace_get_sigmask(tracee->tid, &mask);
	if (err == NULL)
		err = ptrace_set_sigmask(tracee->tid, ~UINT64_C(0));
	if (err != NULL)
		return err;
	regs = saved;
	arch_syscall_prepare(&regs, insn, number, arguments);
	err = ptrace_set_regs(tracee->tid, &regs);
	if (err == NULL)
		err = step_over_syscall(tracee->tid, insn);
	if (err == NULL)
		err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL)
		return err;
	*ret_result = arch_syscall_result(&regs);
	saved.orig_rax = (unsigned long)-1;
	err = ptrace_set_regs(tracee->tid, &saved);
	if (err == NULL)
		err = ptrace_set_sigmask(tracee->tid, mask);
	return err;
}
