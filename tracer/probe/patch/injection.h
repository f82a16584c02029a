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
#include "tracer/tracee/target.h"

struct injection {
	struct address_space *space; /* borrowed */
	taddr_t syscall_insn;	     /* 0: none is known yet */
};

/* Finds a system call instruction in the program of thread @tid, if none is known yet. */
struct error *injection_find_syscall(struct injection *injection, pid_t tid) MUST_CHECK;

/* Likewise; @maps are the program's mappings. */
struct error *injection_find_syscall_in(struct injection *injection,
					const struct proc_maps *maps) MUST_CHECK;

/* As remote_syscall: @tracee, in a stop as that wants it, makes a system call. */
struct error *injection_syscall(const struct injection *injection, struct tracee *tracee,
				long number, const uint64_t arguments[6],
				long *ret_result) MUST_CHECK;

#endif
