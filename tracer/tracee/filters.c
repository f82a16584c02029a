/* Seccomp filters that programs have of us; see filters.h. Tracee layer. */
#include "tracer/tracee/filters.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/proc/process_facts.h"

/* How many filters thread @tid has; 0: none, or it is not told (before Linux 5.9). */
static int count_filters(pid_t tid)
{
	struct process_facts facts;

	struct error *err = process_facts_read(tid, &facts);
	const int count = err == NULL && facts.seccomp != 0 ? facts.seccomp_filters : 0;
	error_free(err);
	return count;
}

/* As pads and whoever injects system calls do it, of the child's own memory and descriptors. */
static void make_calls(void)
{
	enum { BYTES = 1 << 16, SIGSET_BYTES = 8 };
	static const char path[] = "/proc/self/statm";
	const int kind = MAP_PRIVATE | MAP_ANONYMOUS;
	uint64_t action[4] = { 0 }; /* as the kernel has it: handler, flags, restorer, mask */
	char text[64];

	const long code = syscall(SYS_mmap, NULL, BYTES, PROT_READ | PROT_EXEC, kind, -1, 0);
	const long data = syscall(SYS_mmap, NULL, BYTES, PROT_READ | PROT_WRITE, kind, -1, 0);
	(void)syscall(SYS_mmap, data, BYTES, PROT_READ, kind | MAP_FIXED_NOREPLACE, -1, 0);
	(void)syscall(SYS_madvise, data, BYTES, MADV_WIPEONFORK);
	(void)syscall(SYS_madvise, data, BYTES, MADV_NOHUGEPAGE);
	(void)syscall(SYS_madvise, data, BYTES, MADV_POPULATE_WRITE);
	(void)syscall(SYS_munlock, data, BYTES);
	(void)syscall(SYS_munmap, data, BYTES);
	(void)syscall(SYS_munmap, code, BYTES);
	(void)syscall(SYS_rt_sigaction, SIGTRAP, NULL, action, SIGSET_BYTES);
	(void)syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, NULL, SIGSET_BYTES);
	const long fd =
		syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const long moved = syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 100);
	(void)syscall(SYS_pread64, fd, text, sizeof(text), 0);
	(void)syscall(SYS_close, fd);
	(void)syscall(SYS_close, moved);
}

bool filters_try(void)
{
	int status = 0;

	if (count_filters(getpid()) == 0)
		return false;
	const pid_t pid = fork();
	if (pid == 0) {
		/* What a filter traps is a death here, and no core file. */
		signal(SIGSYS, SIG_DFL);
		make_calls();
		_exit(EXIT_SUCCESS);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return false;
	}
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

bool filters_are_ours(const struct process *process, pid_t tid)
{
	const int ours = process->has_our_filters ? count_filters(getpid()) : 0;

	return ours > 0 && count_filters(tid) == ours;
}
