/* Makes a tracee execute a system call; see remote_syscall.h. Tracee layer. */
#include "tracer/tracee/remote_syscall.h"

#include <errno.h>
#include <linux/ptrace.h> /* the PTRACE_EVENT_ numbers, and no function */
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/arch/arch.h"
#include "tracer/tracee/filters.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/proc/signal_state.h"

/* A stop that is waited for; or the number of a signal that is about to be delivered. */
enum stop_wanted { INTERRUPT_STOP = -1, TRAP_STOP = SIGTRAP, SYSCALL_STOP = SIGTRAP | 0x80 };

static bool status_is(int status, int wanted)
{
	/* While its process is stopped, an interruption has the signal of that stop (ptrace(2)). */
	if (wanted == INTERRUPT_STOP)
		return status >> 16 == PTRACE_EVENT_STOP;
	return status >> 8 == wanted;
}

/* What has come in between, and is to come again when all is over. */
struct kept_back {
	int stop_signal;    /* 0: none */
	bool is_group_stop; /* the thread has taken part in that of its process, and run on for us */
};

static bool is_fault(int signal)
{
	return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGTRAP;
}

/*
 * Runs the tracee to its next stop that is @wanted: a syscall-stop, at most. A single-step would do,
 * too, but its SIGTRAP resets the program's own action for SIGTRAP when that is blocked or ignored.
 * Only SIGKILL, stop signals and group-stops can come in between: they are added to @kept_back.
 */
static struct error *run_to_stop(pid_t tid, int wanted, struct kept_back *kept_back)
{
	for (;;) {
		int status;
		struct error *err = ptrace_cont_to_syscall_stop(tid, 0);
		if (err != NULL)
			return err;
		err = ptrace_wait_for_stop(tid, &status); /* its end is for who keeps the books */
		if (err != NULL)
			return err;
		if (status >> 16 == PTRACE_EVENT_EXIT) {
			err = ptrace_cont(tid, 0);
			error_free(err);
			return error_os(ESRCH, "thread %d was killed", tid);
		}
		if (status >> 16 == PTRACE_EVENT_STOP && WSTOPSIG(status) != SIGTRAP)
			kept_back->is_group_stop = true;
		if (status_is(status, wanted))
			return NULL;
		if (status >> 16 == 0 && is_fault(WSTOPSIG(status)))
			return error_new(ERR_FORMAT,
					 "thread %d could not make a system call for us: %s", tid,
					 strsignal(WSTOPSIG(status)));
		if (status >> 16 == 0)
			kept_back->stop_signal = WSTOPSIG(status);
	}
}

/* A filter might kill the program for a system call that it never made. */
static struct error *pass_seccomp(const struct tracee *tracee)
{
	pid_t tid = tracee->tid;
	struct signal_state state;

	struct error *err = ptrace_suspend_seccomp(tid, true, tracee->process->wishes);
	if (err == NULL || error_code(err) == ERR_GONE)
		return err;
	error_free(err);
	err = signal_state_read(tid, &state);
	if (err == NULL && state.has_seccomp && !filters_are_ours(tracee->process, tid))
		err = error_new(ERR_FORMAT,
				"its system calls are filtered by seccomp, and only root "
				"(CAP_SYS_ADMIN) can make one pass");
	return err;
}

static bool holds(const struct tracee *tracee, taddr_t at, const uint8_t *insn, size_t bytes)
{
	uint8_t found[8];

	return address_space_read_some(tracee->process->space, at, found, bytes) == bytes &&
	       memcmp(found, insn, bytes) == 0;
}

static bool holds_trap(const struct tracee *tracee, taddr_t at)
{
	return holds(tracee, at, arch_trap_insn, arch_trap_insn_bytes);
}

/* Whether @tracee has just executed the trap in front of its pc, and gets the SIGTRAP of it, which has a handler. */
static bool is_behind_trap(const struct tracee *tracee, taddr_t pc)
{
	struct signal_state state = { 0 };
	siginfo_t info = { 0 };

	struct error *err = ptrace_get_siginfo(tracee->tid, &info);
	if (err == NULL)
		err = signal_state_read(tracee->tid, &state);
	error_free(err);
	return err == NULL && signal_set_has(state.caught, SIGTRAP) && info.si_signo == SIGTRAP &&
	       info.si_code == SI_KERNEL && holds_trap(tracee, arch_trap_site(pc));
}

/* Likewise, but its stop is another, before that of its SIGTRAP. */
static bool trap_is_pending(const struct tracee *tracee, taddr_t pc)
{
	struct signal_state state;

	if (!holds_trap(tracee, arch_trap_site(pc)))
		return false;
	struct error *err = signal_state_read(tracee->tid, &state);
	bool is = err == NULL && signal_set_has(state.pending, SIGTRAP);
	error_free(err);
	return is;
}

/* Should we be killed before it is over, the thread finds there what it is to go on with. */
static struct error *keep_registers(const struct tracee *tracee, taddr_t kept,
				    const struct user_regs_struct *regs, uint64_t mask)
{
	uint64_t words[ARCH_RESUME_WORDS];

	if (kept.value == 0)
		return NULL;
	arch_resume_fill(regs, mask, words);
	return address_space_write(tracee->process->space, kept, words, sizeof(words));
}

/*
 * The SIGTRAP of its trap has been taken back when it ran on for us. If we died now, nothing would lead the thread on:
 * it executes its trap once more, and is where it was. A blocked SIGTRAP would make the kernel forget its handler.
 */
static struct error *trap_again(const struct tracee *tracee, const struct user_regs_struct *before,
				struct kept_back *kept_back)
{
	struct error *err = ptrace_set_sigmask(tracee->tid, ~(UINT64_C(1) << (SIGTRAP - 1)));
	if (err == NULL)
		err = ptrace_set_regs(tracee->tid, before);
	if (err == NULL)
		err = run_to_stop(tracee->tid, TRAP_STOP, kept_back);
	/* The program's own, which it had blocked, comes first. */
	if (err == NULL && !is_behind_trap(tracee, arch_trap_pc(arch_pc(before))))
		kept_back->stop_signal = SIGTRAP;
	return err;
}

struct error *remote_syscall_mixes(const struct tracee *tracee, int signal, bool *ret)
{
	struct signal_state state;

	struct error *err = signal_state_read(tracee->tid, &state);
	/* One for all threads comes after it. */
	*ret = err == NULL && signal_set_has(state.pending, signal);
	return err;
}

/* Those that are not sent again: of job control, to send one takes others away. */
static bool is_left_alone(int signal)
{
	static const int all[] = { SIGTRAP, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT };
	size_t i = 0;

	while (i < sizeof(all) / sizeof(all[0]) && all[i] != signal)
		i++;
	return i < sizeof(all) / sizeof(all[0]);
}

/*
 * In a system call of the thread's own, ours end with a stop from which none can be injected:
 *
 *   the thread                          we
 *   tgkill(SIGSTOP)
 *                                       make a call for us, and PTRACE_INTERRUPT
 *   stops for that
 *                                       PTRACE_CONT with SIGSTOP
 *   runs on, and is not stopped
 */
struct error *remote_syscall_forgets(const struct tracee *tracee, int signal, bool *ret)
{
	struct user_regs_struct regs;

	*ret = false;
	if (!is_left_alone(signal))
		return NULL;
	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	*ret = err == NULL && arch_is_in_syscall(&regs);
	return err;
}

/* The signal that the thread is about to get, if it stands in such a stop; else *@ret has si_signo 0. */
static struct error *signal_met(const struct tracee *tracee, siginfo_t *ret)
{
	bool mixes = false;

	*ret = (siginfo_t){ 0 };
	struct error *err = ptrace_get_siginfo(tracee->tid, ret);
	if (err != NULL && error_code(err) != ERR_GONE) { /* a stop without any */
		error_free(err);
		return NULL;
	}
	if (is_left_alone(ret->si_signo))
		ret->si_signo = 0;
	if (err == NULL && ret->si_signo != 0)
		err = remote_syscall_mixes(tracee, ret->si_signo, &mixes);
	if (mixes)
		ret->si_signo = 0;
	return err;
}

/*
 * The thread has run on for us from the stop in which it was about to get a signal. Resumed with the signal from another
 * one, it would get it from the kernel, and not know which address a fault was at, nor who has sent it
 * (siginfo): so the signal is sent again, and says there what it has said before.
 */
static struct error *signal_again(const struct tracee *tracee,
				  const struct user_regs_struct *before, const siginfo_t *info,
				  struct kept_back *kept_back)
{
	struct error *err = ptrace_set_sigmask(tracee->tid, ~(UINT64_C(1) << (info->si_signo - 1)));
	if (err == NULL)
		err = ptrace_set_regs(tracee->tid, before);
	if (err != NULL)
		return err;
	/* It may have too many that are queued already; then it gets that one without. */
	if (syscall(SYS_tgkill, tracee->process->pid, tracee->tid, info->si_signo) != 0)
		return NULL;
	err = run_to_stop(tracee->tid, info->si_signo, kept_back);
	return err != NULL ? err : ptrace_set_siginfo(tracee->tid, info);
}

/* What has come in between comes now. */
static struct error *let_come(const struct tracee *tracee, const struct kept_back *kept_back)
{
	if (kept_back->stop_signal != 0)
		syscall(SYS_tgkill, tracee->process->pid, tracee->tid, kept_back->stop_signal);
	/* Else it would run while its process is stopped: the kernel asks each thread once. */
	return kept_back->is_group_stop ? ptrace_interrupt(tracee->tid) : NULL;
}

static struct error *remote_syscall_here(struct tracee *tracee, taddr_t insn, taddr_t kept,
					 long number, const uint64_t arguments[6], long *ret_result)
{
	struct user_regs_struct saved, resumed, regs;
	bool has_trapped = false;
	uint64_t mask;
	struct kept_back kept_back = { .stop_signal = 0 };
	siginfo_t met;

	/* A fault there, where all signals are blocked, would take its handler from the program (force_sig, kernel/signal.c). */
	if (!holds(tracee, insn, arch_syscall_insn, arch_syscall_insn_bytes))
		return error_new(ERR_FORMAT, "thread %d: the system call instruction is gone",
				 tracee->tid);
	struct error *err = ptrace_get_regs(tracee->tid, &saved);
	if (err == NULL)
		err = ptrace_get_sigmask(tracee->tid, &mask);
	if (err == NULL)
		err = signal_met(tracee, &met);
	if (err == NULL) {
		resumed = saved;
		has_trapped = kept.value != 0 && is_behind_trap(tracee, arch_pc(&saved));
		if (has_trapped || (kept.value != 0 && trap_is_pending(tracee, arch_pc(&saved))))
			arch_set_pc(&resumed, arch_trap_site(arch_pc(&saved)));
		err = keep_registers(tracee, kept, &resumed, mask);
	}
	if (err != NULL)
		return err;
	regs = saved;
	arch_syscall_prepare(&regs, insn, number, arguments);
	/* The pc first, and last: the code there gives the mask back, too. */
	err = ptrace_set_regs(tracee->tid, &regs);
	if (err == NULL)
		err = ptrace_set_sigmask(tracee->tid, ~UINT64_C(0));
	if (err == NULL) /* its entry */
		err = run_to_stop(tracee->tid, SYSCALL_STOP, &kept_back);
	if (err == NULL) /* its exit */
		err = run_to_stop(tracee->tid, SYSCALL_STOP, &kept_back);
	if (err == NULL)
		err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL) { /* it stands somewhere of ours, if it is still there */
		error_free(ptrace_set_regs(tracee->tid, &saved));
		error_free(ptrace_set_sigmask(tracee->tid, mask));
		return err;
	}
	*ret_result = arch_syscall_result(&regs);
	/*
	 * A system call that the stop has interrupted is restarted by the kernel where it looks for
	 * signals: there it must find the registers of that call, and not at the exit of ours.
	 */
	if (arch_is_in_syscall(&saved)) {
		err = ptrace_interrupt(tracee->tid);
		if (err == NULL)
			err = run_to_stop(tracee->tid, INTERRUPT_STOP, &kept_back);
	} else
		arch_syscall_leave(&saved);
	if (err == NULL && has_trapped)
		err = trap_again(tracee, &resumed, &kept_back);
	else if (err == NULL && met.si_signo != 0)
		err = signal_again(tracee, &saved, &met, &kept_back);
	if (err == NULL)
		err = ptrace_set_sigmask(tracee->tid, mask);
	if (err == NULL)
		err = ptrace_set_regs(tracee->tid, &saved);
	return error_first(err, let_come(tracee, &kept_back));
}

struct error *remote_syscall(struct tracee *tracee, taddr_t insn, taddr_t kept, long number,
			     const uint64_t arguments[6], long *ret_result)
{
	struct error *err = pass_seccomp(tracee);
	if (err != NULL)
		return err;
	err = remote_syscall_here(tracee, insn, kept, number, arguments, ret_result);
	error_free(ptrace_suspend_seccomp(tracee->tid, false, tracee->process->wishes));
	return err;
}
