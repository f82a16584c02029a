/* What a random program (tests/soak/programs) does with pipes and sockets, and with filters of system calls. */
#ifndef SOAK_PIPES_H
#define SOAK_PIPES_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/socket.h>

#include "processes.h"

/* As much as was asked for, however it comes. */
static __attribute__((noinline)) uint64_t pipe_take(struct th *t, int fd, char *to, size_t bytes)
{
	ENTER(t, pipe_take);
	uint64_t sum = 0;

	for (size_t done = 0; done < bytes;) {
		ssize_t got = read(fd, to + done, bytes - done);
		if (got == 0 || (got < 0 && errno != EINTR))
			_exit(94);
		done += got > 0 ? (size_t)got : 0;
	}
	for (size_t i = 0; i < bytes; i += 97)
		sum = sum * 3 + (unsigned char)to[i];
	LEAVE(t, pipe_take);
	return sum;
}

/* All of it at once, which is more than a pipe holds: the program has no handler that would cut it. */
static __attribute__((noinline)) void pipe_put(struct th *t, int fd, const char *from, size_t bytes)
{
	ENTER(t, pipe_put);
	if (write(fd, from, bytes) != (ssize_t)bytes)
		_exit(93);
	LEAVE(t, pipe_put);
}

static __attribute__((noinline)) void pipe_child(struct th *t, int fd, uint64_t p)
{
	ENTER(t, pipe_child);
	static char block[300000];

	for (unsigned i = 0; i < 4; i++) {
		for (size_t k = 0; k < sizeof(block); k++)
			block[k] = (char)(k * p + i);
		pipe_put(t, fd, block, sizeof(block));
		t->sum += walk_some(t, 10);
		BACK(t);
	}
	LEAVE(t, pipe_child);
}

/* A child writes, by a pipe or a socket, much more than fits; the parent takes it in pieces. */
static __attribute__((noinline)) void phase_pipes(struct th *t, uint64_t p)
{
	ENTER(t, phase_pipes);
	static char piece[75000];
	int ends[2];

	if ((p & 1 ? socketpair(AF_UNIX, SOCK_STREAM, 0, ends) : pipe(ends)) != 0)
		_exit(97);
	pid_t child = fork();
	if (child == 0) {
		th_in_child(t, FORKED);
		close(ends[0]);
		pipe_child(t, ends[1], p);
		child_ends(t, 0, (unsigned)t->sum & 63);
	}
	close(ends[1]);
	for (unsigned i = 0; i < 16; i++) {
		t->sum = t->sum * 31 + pipe_take(t, ends[0], piece, sizeof(piece));
		t->sum += walk_some(t, 5);
		BACK(t);
	}
	close(ends[0]);
	t->sum = t->sum * 31 + (unsigned)wait_for(child);
	LEAVE(t, phase_pipes);
}

/* Refuses some system calls, or all but some: @count numbers, and what becomes of these and of the others. */
static void filter_calls(const int *numbers, unsigned short count, unsigned of_these,
			 unsigned of_others)
{
	struct sock_filter code[64];
	struct sock_fprog program;
	unsigned short length = 0;

	memset(code, 0, sizeof(code));
	code[length].code = BPF_LD | BPF_W | BPF_ABS;
	code[length++].k = offsetof(struct seccomp_data, nr);
	for (unsigned short i = 0; i < count; i++) {
		code[length].code = BPF_JMP | BPF_JEQ | BPF_K;
		code[length].jt = (unsigned char)(count - i);
		code[length++].k = (unsigned)numbers[i];
	}
	code[length].code = BPF_RET | BPF_K;
	code[length++].k = of_others;
	code[length].code = BPF_RET | BPF_K;
	code[length++].k = of_these;
	program.len = length;
	program.filter = code;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		_exit(92);
}

/* As a sandbox, in a child, and in this process what no program of this kind calls; once, for filters stay. */
static __attribute__((noinline)) void phase_filters(struct th *t, uint64_t p)
{
	ENTER(t, phase_filters);
	static const int refused[] = {
		SYS_ptrace,	      SYS_bpf,	 SYS_acct, SYS_userfaultfd, SYS_perf_event_open,
		SYS_process_vm_readv, SYS_keyctl
	};
	static const int allowed[] = { SYS_read,	   SYS_write,	      SYS_close,
				       SYS_mmap,	   SYS_munmap,	      SYS_mprotect,
				       SYS_madvise,	   SYS_brk,	      SYS_pipe,
				       SYS_pipe2,	   SYS_getpid,	      SYS_gettid,
				       SYS_getppid,	   SYS_tgkill,	      SYS_rt_sigreturn,
				       SYS_rt_sigprocmask, SYS_sched_yield,   SYS_futex,
				       SYS_exit,	   SYS_exit_group,    SYS_kill,
				       SYS_pause,	   SYS_clock_gettime, SYS_rt_sigaction,
				       SYS_sigaltstack };
	static unsigned is_filtered;
	pid_t child = fork();

	if (child == 0) {
		th_in_child(t, FORKED);
		filter_calls(allowed, sizeof(allowed) / sizeof(allowed[0]), SECCOMP_RET_ALLOW,
			     SECCOMP_RET_ERRNO | EPERM);
		child_runs(t, p);
	}
	t->sum = t->sum * 31 + (unsigned)wait_for(child);
	if ((p & 2) && !is_filtered++)
		filter_calls(refused, sizeof(refused) / sizeof(refused[0]),
			     SECCOMP_RET_ERRNO | EPERM, SECCOMP_RET_ALLOW);
	t->sum += walk_some(t, 30);
	BACK(t);
	LEAVE(t, phase_filters);
}

#endif
