/*
 * What a thread does with signals, from /proc/TID/status (proc(5)) (proc layer).
 */
#ifndef PROC_SIGNAL_STATE_H
#define PROC_SIGNAL_STATE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"

/* Sets of signals: bit N-1 is signal N. */
struct signal_state {
	uint64_t pending;	 /* for this thread alone */
	uint64_t pending_shared; /* for its process */
	uint64_t blocked;
	uint64_t ignored;
	uint64_t caught;  /* has a handler */
	bool has_seccomp; /* its system calls are filtered */
	bool is_init;	  /* its process is the first one of a PID namespace */
};

/* As the kernel has it (rt_sigaction(2)), not as libc does. */
struct kernel_sigaction {
	uint64_t handler, flags, restorer, mask;
};
enum {
	KERNEL_SIGSET_BYTES = 8,	 /* the size of its mask, which rt_sigaction(2) is told */
	KERNEL_SA_RESTORER = 0x04000000, /* it has a restorer (asm/signal.h) */
};

static inline bool signal_set_has(uint64_t set, int signal)
{
	return (set >> (signal - 1)) & 1;
}

/* Whether an instruction causes the signal, and siginfo may have its address. */
static inline bool signal_is_fault(int signal)
{
	return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE ||
	       signal == SIGTRAP;
}

struct error *signal_state_read(pid_t tid, struct signal_state *ret) MUST_CHECK;

#endif
