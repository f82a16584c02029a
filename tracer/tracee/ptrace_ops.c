/* The only caller of ptrace(2); see ptrace_ops.h. Tracee layer. */
#include "tracer/tracee/ptrace_ops.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/arch/arch.h"
#include "tracer/base/retry.h"

/* glibc's <sys/ptrace.h> calls it __ptrace_syscall_info; the request came with Linux 5.3. */
#define SYSCALL_INFO struct __ptrace_syscall_info

static struct error *ptrace_request(int request, const char *name, pid_t tid, uintptr_t address,
				    uintptr_t data)
{
	unsigned tries = 0;

	while (ptrace((enum __ptrace_request)request, tid, address, data) < 0) {
		if (!retry_is_due(errno, &tries))
			return error_os(errno, "ptrace(%s) of thread %d", name, tid);
	}
	return NULL;
}

#define REQUEST(request, tid, address, data)                                                       \
	ptrace_request(request, #request, tid, (uintptr_t)(address), (uintptr_t)(data))

bool ptrace_is_forbidden(void)
{
	int status = 0;
	const pid_t pid = fork();

	if (pid == 0)
		_exit(ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 ? EXIT_FAILURE : EXIT_SUCCESS);
	while (pid > 0 && waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return false;
	}
	return pid > 0 && (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS);
}

bool ptrace_is_traceme(int request)
{
	return request == PTRACE_TRACEME;
}

pid_t ptrace_wait(pid_t tid, int *ret_status, int options, struct rusage *ret_usage)
{
	unsigned tries = 0;
	pid_t got;

	do
		got = wait4(tid, ret_status, __WALL | options, ret_usage);
	while (got < 0 && (errno == EINTR || retry_is_due(errno, &tries)));
	return got;
}

pid_t ptrace_wait_or_signal(pid_t tid, int *ret_status, struct rusage *ret_usage)
{
	unsigned tries = 0;
	pid_t got;

	do
		got = wait4(tid, ret_status, __WALL, ret_usage);
	while (got < 0 && errno != EINTR && retry_is_due(errno, &tries));
	return got;
}

/* One look of ptrace_wait_for_stop: what @tid has come to. */
static struct error *wait_for_news(pid_t tid, siginfo_t *ret, int options)
{
	unsigned tries = 0;
	int failed;

	*ret = (siginfo_t){ 0 };
	do
		failed = waitid(P_PID, (id_t)tid, ret, __WALL | options);
	while (failed != 0 && (errno == EINTR || retry_is_due(errno, &tries)));
	return failed == 0 ? NULL : error_os(errno, "wait for thread %d", tid);
}

struct error *ptrace_wait_for_stop(pid_t tid, int *ret_status)
{
	siginfo_t info = { 0 };

	/* A stop is fetched by a wait that fetches no end: SIGKILL may come between the two. */
	while (info.si_pid == 0) {
		struct error *err = wait_for_news(tid, &info, WEXITED | WSTOPPED | WNOWAIT);
		if (err != NULL)
			return err;
		if (info.si_code == CLD_EXITED || info.si_code == CLD_KILLED ||
		    info.si_code == CLD_DUMPED)
			return error_os(ESRCH, "thread %d ended", tid);
		err = wait_for_news(tid, &info, WSTOPPED | WNOHANG);
		if (err != NULL)
			return err;
	}
	*ret_status = info.si_status << 8 | 0x7f; /* as wait4(2) has it: W_STOPCODE */
	return NULL;
}

static const unsigned long seize_options = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
					   PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
					   PTRACE_O_TRACEEXIT | PTRACE_O_TRACESYSGOOD;

static unsigned long options_of(struct ptrace_wishes wishes)
{
	return seize_options | (wishes.kills_on_exit ? PTRACE_O_EXITKILL : 0) |
	       (wishes.tells_vfork_done ? PTRACE_O_TRACEVFORKDONE : 0);
}

struct error *ptrace_seize(pid_t tid, struct ptrace_wishes wishes)
{
	return REQUEST(PTRACE_SEIZE, tid, 0, options_of(wishes));
}

struct error *ptrace_suspend_seccomp(pid_t tid, bool is_suspended, struct ptrace_wishes wishes)
{
	unsigned long suspend = is_suspended ? PTRACE_O_SUSPEND_SECCOMP : 0;
	return REQUEST(PTRACE_SETOPTIONS, tid, 0, options_of(wishes) | suspend);
}

struct error *ptrace_cont(pid_t tid, int signal)
{
	return REQUEST(PTRACE_CONT, tid, 0, signal);
}

struct error *ptrace_cont_to_syscall_stop(pid_t tid, int signal)
{
	return REQUEST(PTRACE_SYSCALL, tid, 0, signal);
}

struct error *ptrace_step(pid_t tid)
{
	return REQUEST(PTRACE_SINGLESTEP, tid, 0, 0);
}

struct error *ptrace_listen(pid_t tid)
{
	return REQUEST(PTRACE_LISTEN, tid, 0, 0);
}

struct error *ptrace_interrupt(pid_t tid)
{
	return REQUEST(PTRACE_INTERRUPT, tid, 0, 0);
}

struct error *ptrace_detach(pid_t tid, int signal)
{
	return REQUEST(PTRACE_DETACH, tid, 0, signal);
}

struct error *ptrace_get_regs(pid_t tid, struct user_regs_struct *ret)
{
	struct iovec set = { ret, sizeof(*ret) };

	if (arch_old_requests.get_regs != 0)
		return ptrace_request(arch_old_requests.get_regs, "PTRACE_GETREGS", tid, 0,
				      (uintptr_t)ret);
	*ret = (struct user_regs_struct){ 0 }; /* those of a 32-bit program are fewer */
	return REQUEST(PTRACE_GETREGSET, tid, NT_PRSTATUS, &set);
}

struct error *ptrace_get_register_set(pid_t tid, unsigned type, void *ret, size_t *bytes)
{
	struct iovec set = { ret, *bytes };

	*bytes = 0;
	struct error *err = REQUEST(PTRACE_GETREGSET, tid, (uintptr_t)type, &set);
	if (err == NULL)
		*bytes = set.iov_len;
	return err == NULL || error_code(err) == ERR_GONE ? err : error_ignore(err, ERR_FAILED);
}

struct error *ptrace_set_regs(pid_t tid, const struct user_regs_struct *regs)
{
	struct iovec set = { (void *)(uintptr_t)regs, sizeof(*regs) };

	if (arch_old_requests.set_regs != 0)
		return ptrace_request(arch_old_requests.set_regs, "PTRACE_SETREGS", tid, 0,
				      (uintptr_t)regs);
	return REQUEST(PTRACE_SETREGSET, tid, NT_PRSTATUS, &set);
}

struct error *ptrace_get_pc_sp(pid_t tid, taddr_t *ret_pc, taddr_t *ret_sp)
{
	/* PTRACE_GET_SYSCALL_INFO gives both at any stop, not only at a system call's. */
	SYSCALL_INFO info;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(info), &info) > 0) {
		*ret_pc = taddr(info.instruction_pointer);
		*ret_sp = taddr(info.stack_pointer);
		return NULL;
	}
	struct user_regs_struct regs;
	struct error *err = ptrace_get_regs(tid, &regs);
	if (err == NULL) {
		*ret_pc = arch_pc(&regs);
		*ret_sp = arch_sp(&regs);
	}
	return err;
}

struct error *ptrace_set_pc(pid_t tid, taddr_t pc)
{
	struct user_regs_struct regs;

	if (arch_old_requests.has_user)
		return REQUEST(PTRACE_POKEUSER, tid, arch_old_requests.user_pc_offset, pc.value);
	struct error *err = ptrace_get_regs(tid, &regs);
	if (err != NULL)
		return err;
	arch_set_pc(&regs, pc);
	return ptrace_set_regs(tid, &regs);
}

struct error *ptrace_get_siginfo(pid_t tid, siginfo_t *ret)
{
	return REQUEST(PTRACE_GETSIGINFO, tid, 0, ret);
}

bool ptrace_is_stopped_alive(pid_t tid)
{
	siginfo_t info;

	struct error *err = ptrace_get_siginfo(tid, &info);
	bool is = err == NULL && info.si_code >> 8 != PTRACE_EVENT_EXIT;
	error_free(err);
	return is;
}

struct error *ptrace_set_siginfo(pid_t tid, const siginfo_t *info)
{
	return REQUEST(PTRACE_SETSIGINFO, tid, 0, info);
}

struct error *ptrace_get_event_message(pid_t tid, unsigned long *ret)
{
	return REQUEST(PTRACE_GETEVENTMSG, tid, 0, ret);
}

struct error *ptrace_get_sigmask(pid_t tid, uint64_t *ret)
{
	return REQUEST(PTRACE_GETSIGMASK, tid, sizeof(*ret), ret);
}

struct error *ptrace_set_sigmask(pid_t tid, uint64_t mask)
{
	return REQUEST(PTRACE_SETSIGMASK, tid, sizeof(mask), &mask);
}

struct error *ptrace_peek_pending(pid_t tid, int signal, siginfo_t *ret, bool *ret_is_there)
{
	struct __ptrace_peeksiginfo_args at = { .flags = PTRACE_PEEKSIGINFO_SHARED, .nr = 1 };
	long got = 1;

	*ret_is_there = false;
	for (; got == 1 && !*ret_is_there; at.off++) {
		got = ptrace(PTRACE_PEEKSIGINFO, tid, &at, ret);
		if (got < 0)
			return error_os(errno, "ptrace(PTRACE_PEEKSIGINFO) of thread %d", tid);
		*ret_is_there = got == 1 && ret->si_signo == signal;
	}
	return NULL;
}
