/*
 * System calls made in the program (probe layer): the one way by which something of ours comes into it.
 */
#ifndef PROBE_PATCH_INJECTION_H
#define PROBE_PATCH_INJECTION_H

#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"
#include "tracer/base/taddr.h"
#include "tracer/proc/proc_maps.h"
#include "tracer/proc/signal_state.h"
#include "tracer/tracee/target.h"

struct injection {
	struct address_space *space; /* borrowed */
	taddr_t syscall_insn;	     /* 0: none is known yet */
	taddr_t resume;		     /* a copy of arch_resume_code, to be used instead; 0: none */
	/*
	 * Executable memory that the program does not use, INJECTION_SPARE_BYTES of it; 0: none is known. There a
	 * copy stands while the first system calls are made, until there is memory of ours for one.
	 */
	taddr_t spare;
};
enum { INJECTION_SPARE_BYTES = 256 };

/* @to, which has a space, is of a copy of the memory that @from is of. */
void injection_clone(struct injection *to, const struct injection *from);

/* Finds a system call instruction in the program of thread @tid, if none is known yet. */
struct error *injection_find_syscall(struct injection *injection, pid_t tid) MUST_CHECK;

/* Likewise; @maps are the program's mappings. */
struct error *injection_find_syscall_in(struct injection *injection,
					const struct proc_maps *maps) MUST_CHECK;

/* A copy of arch_call_return, for remote_call_begin; 0: there is none. */
taddr_t injection_call_return(const struct injection *injection);

/* As remote_syscall: @tracee, in a stop as that wants it, makes a system call. */
struct error *injection_syscall(const struct injection *injection, struct tracee *tracee,
				long number, const uint64_t arguments[6],
				long *ret_result) MUST_CHECK;

/*
 * What the program does with SIGTRAP, asked and said by @tracee likewise. @room: memory for a struct of that kind. *@ret_before,
 * if not NULL: what it did until then. Other threads may say something else at any time.
 */
struct error *injection_get_trap_action(const struct injection *injection, struct tracee *tracee,
					struct kernel_sigaction *ret) MUST_CHECK;
struct error *injection_set_trap_action(const struct injection *injection, struct tracee *tracee,
					taddr_t room, const struct kernel_sigaction *action,
					struct kernel_sigaction *ret_before) MUST_CHECK;

#endif
