/* What the files of trap_fallback.h share (probe layer). */
#ifndef PROBE_FALLBACK_TRAP_FALLBACK_PRIVATE_H
#define PROBE_FALLBACK_TRAP_FALLBACK_PRIVATE_H

#include "tracer/arch/arch.h"
#include "tracer/probe/fallback/trap_fallback.h"

/* The mapping: its head, room for rt_sigaction's argument, the code, the table. */
enum {
	ACTION_AT = 64,
	CODE_AT = 128,
	TABLE_AT = CODE_AT + ARCH_TRAP_FALLBACK_TABLE_BYTES,
	ENTRIES_MAX = 32 * 1024, /* the handler searches them one by one */
	MAPPING_BYTES = TABLE_AT + (ENTRIES_MAX + 128) * ARCH_TRAP_FALLBACK_ENTRY_BYTES,
};
_Static_assert((int)ACTION_AT >= (int)INJECTED_HEAD_BYTES, "the action lies in the head");
_Static_assert(MAPPING_BYTES % (int)ARCH_PAGE_BYTES == 0, "the kernel maps whole pages");

static inline taddr_t trap_fallback_at(const struct injected *injected, uint64_t offset)
{
	return taddr_add(injected_find(injected, INJECTED_TRAP_FALLBACK)->start, offset);
}

static inline taddr_t trap_fallback_entry_at(const struct injected *injected, uint64_t number)
{
	return trap_fallback_at(injected, TABLE_AT + number * ARCH_TRAP_FALLBACK_ENTRY_BYTES);
}

/* So many entries are in the table, and it takes so much memory. */
void trap_fallback_note_count(struct trap_fallback *fallback, const struct injected *injected,
			      uint64_t count);

/* The table is new: the handler may heal, unless the system calls of @tracee's process are filtered. */
struct error *trap_healing_begin(const struct trap_fallback *fallback,
				 const struct injected *injected, struct tracee *tracee) MUST_CHECK;

/*
 * The patches of one that was killed, as far as they are still there; of two at one address the later
 * knows the code. The table stays: a thread may have executed one of them just now, and will look there.
 */
struct error *trap_healing_run(struct trap_fallback *fallback, const struct injected *injected,
			       size_t *ret_healed) MUST_CHECK;

#endif
