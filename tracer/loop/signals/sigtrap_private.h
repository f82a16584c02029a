/*
 * What the parts of sigtrap_state.h share (loop layer; for sigtrap_*.c).
 */
#ifndef LOOP_SIGNALS_SIGTRAP_PRIVATE_H
#define LOOP_SIGNALS_SIGTRAP_PRIVATE_H

#include <signal.h>
#include <stdint.h>

#include "tracer/base/taddr.h"
#include "tracer/proc/signal_state.h"
#include "tracer/tracee/target.h"

/* Of process_hit_state.trap_handler; others are functions of the program's. */
#define DEFAULT_HANDLER UINT64_C(0) /* SIG_DFL */
#define IGNORE_HANDLER UINT64_C(1)  /* SIG_IGN */
#define UNKNOWN_HANDLER UINT64_C(2) /* one that was there when we came */

#define TRAP_BIT (UINT64_C(1) << (SIGTRAP - 1)) /* in a signal set of the kernel's */

/*
 * Whether @tracee, which is at @sp and blocked SIGTRAP when we came, has unblocked it since by what we do not see: it has
 * returned from the handler that it was in when that was looked for (sigtrap_state_look_at_frames), or the C library blocked
 * it for a moment.
 */
bool sigtrap_state_has_unblocked(const struct tracee *tracee, taddr_t sp);

/* @tracee is about to tell the kernel of @handler. */
void sigtrap_state_said(struct tracee *tracee, uint64_t handler);

/* Whether it is a function of the program's. */
static inline bool sigtrap_is_function(uint64_t handler)
{
	return handler > UNKNOWN_HANDLER;
}

/*
 * Whether @action, which the kernel has, is there in place of the program's, which ignores the signal: it becomes that.
 */
bool sigtrap_state_translate(const struct process *process, struct kernel_sigaction *action);

/*
 * @tracee, in a hit, has pc and sp, and its process has @handler: the last one that was said may be known to the kernel
 * by that (process_hit_state.setter).
 */
void sigtrap_state_confirm(struct tracee *tracee, taddr_t pc, taddr_t sp, uint64_t handler);

#endif
