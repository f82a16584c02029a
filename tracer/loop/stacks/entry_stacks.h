/*
 * The stacks at calls of chosen functions: --stacks=calls (loop layer).
 *
 * The first calls of each function have theirs recorded, and others as long as that is cheap: so many that it takes a
 * hundredth of the time, and fewer the longer it has been done. Where calls are recorded by jumps, which stop nobody,
 * callers are forgotten now and then: a jump that does not know its caller stops, as the first time.
 */
#ifndef LOOP_STACKS_ENTRY_STACKS_H
#define LOOP_STACKS_ENTRY_STACKS_H

#include "tracer/loop/state/session.h"
#include "tracer/probe/image.h"

struct entry_stacks; /* session->entry_stacks; made at the first call */

void entry_stacks_destroy(struct entry_stacks *entries); /* NULL is fine */

/*
 * @tracee is in a stop at @site, a function's entry, with its stack pointer at @sp, and a call begins that will return to
 * @return_address. *@ret is its stack, if that is due and can be had; 0: none. To be asked before the call's time is taken.
 */
void entry_stacks_take(struct session *session, struct tracee *tracee, const struct site *site,
		       taddr_t sp, taddr_t return_address, uint32_t *ret);

/* Records it: the call has begun at @time_ns, with @bytes of memory. */
void entry_stacks_write(struct session *session, const struct tracee *tracee,
			const struct site *site, uint32_t node, int64_t time_ns, uint64_t bytes);

/* A tick. */
void entry_stacks_tick(struct session *session);

#endif
