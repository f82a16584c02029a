/*
 * Makes a stopped thread call a function of its own program (tracee layer).
 *
 * The thread runs on meanwhile, with its signals and its other threads; the call is over when it
 * reports a SIGTRAP at the trap where the function returns to. Meant for places where the ABI leaves
 * nothing live but the argument registers: the first instruction of a function.
 */
#ifndef TRACEE_REMOTE_CALL_H
#define TRACEE_REMOTE_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/user.h>

#include "tracer/base/error.h"
#include "tracer/base/taddr.h"
#include "tracer/tracee/target.h"

struct remote_call {
	struct user_regs_struct saved; /* of the thread when all calls are made */
	taddr_t trap;		       /* executable memory with a trap instruction */
	taddr_t data;		       /* of remote_call_begin: on the thread's stack, … */
	taddr_t below;		       /* … and what is kept for the case that we die */
	taddr_t sp;		       /* as the function returns */
	unsigned step;		       /* the caller's: which call it is */
	uint64_t values[2];	       /* the caller's: what earlier ones returned */
};

/*
 * @tracee is stopped. Keeps its registers, and puts @data on its stack, below what it uses; the stack
 * has room for that. @trap: see above; where it is a copy of arch_call_return, and SIGTRAP has a handler that knows it, the
 * thread survives our death, and runs on at @way_on.
 */
struct error *remote_call_begin(struct tracee *tracee, taddr_t trap, taddr_t way_on,
				const void *data, size_t data_bytes) MUST_CHECK;

/* Sets it to call @function with up to 5 arguments. It is then to be resumed. */
struct error *remote_call_make(struct tracee *tracee, taddr_t function, const uint64_t *arguments,
			       size_t count) MUST_CHECK;

/*
 * Whether @tracee, in the stop of a SIGTRAP, has come back from a call; sets *@ret to what the
 * function returned.
 */
bool remote_call_has_returned(const struct tracee *tracee, uint64_t *ret);

/* Gives it back its registers, with @pc. */
struct error *remote_call_end(struct tracee *tracee, taddr_t pc) MUST_CHECK;

#endif
