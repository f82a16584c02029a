/*
 * Nothing of ours is left in a memory whose threads are all stopped, or known not to need it (loop layer).
 */
#ifndef LOOP_SIGNALS_SPACE_CLEAN_H
#define LOOP_SIGNALS_SPACE_CLEAN_H

#include "tracer/probe/image.h"

/*
 * Whether system calls can be injected in @tracee, which is stopped and not about to get a signal: not where it is in a
 * call of its own, unless the stop @is_of_interrupt, brought about by PTRACE_INTERRUPT.
 */
bool space_clean_may_inject(const struct tracee *tracee, bool is_of_interrupt);

/*
 * The patches are away, no thread is in code of ours, and @tracee may be injected in: its memory, descriptors and what it
 * does with SIGTRAP become the program's own. What handlers of the program may return to stays.
 */
struct error *space_clean(struct tracee *tracee) MUST_CHECK;

#endif
