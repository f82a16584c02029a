/*
 * What the two halves of sigtrap_state.h share (loop layer; for sigtrap_*.c).
 */
#ifndef LOOP_SIGNALS_SIGTRAP_PRIVATE_H
#define LOOP_SIGNALS_SIGTRAP_PRIVATE_H

#include <signal.h>
#include <stdint.h>

#include "tracer/base/taddr.h"
#include "tracer/tracee/target.h"

/* Of process_hit_state.trap_handler; others are functions of the program's. */
#define DEFAULT_HANDLER UINT64_C(0) /* SIG_DFL */
#define IGNORE_HANDLER UINT64_C(1)  /* SIG_IGN */
#define UNKNOWN_HANDLER UINT64_C(2) /* one that was there when we came */

#define TRAP_BIT (UINT64_C(1) << (SIGTRAP - 1)) /* in a signal set of the kernel's */

/*
 * @tracee, in a hit, has pc and sp, and its process has @handler: the last one that was said may be known to the kernel
 * by that (process_hit_state.setter).
 */
void sigtrap_state_confirm(struct tracee *tracee, taddr_t pc, taddr_t sp, uint64_t handler);

#endif
