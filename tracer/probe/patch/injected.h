/*
 * The mappings that we have put into a program (probe layer): one list of all, whatever they are for.
 *
 * One of code begins with a head that says what it is. So a tracer that attaches later finds what was left
 * behind, and each offers a system call instruction that no library's end takes away, and a trap to return to.
 * Mapped by an injected mmap(2), code readable and executable; only pages that are written to take memory,
 * but for a program that locks its memory (locked_memory.h).
 */
#ifndef PROBE_PATCH_INJECTED_H
#define PROBE_PATCH_INJECTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/page_range.h"
#include "tracer/probe/patch/code_block.h"
#include "tracer/probe/patch/injection.h"

/* The numbers stand in programs' memory, for a later mprof-trace. */
enum injected_kind {
	INJECTED_SLOTS = 1,	    /* code blocks near some code; slot_arena.h */
	INJECTED_TRAP_FALLBACK = 2, /* what lets the program outlive us; trap_fallback.h */
	/* Data, readable and writable, which a child of a fork finds zeroed, and which has no head: */
	INJECTED_PAD_DATA = 3, /* what all pads share; pad_area.h */
	INJECTED_RING = 4,     /* what pads have recorded of one thread; ring.h */
	/* Code again: */
	INJECTED_PADS = 5,	  /* a page of pads; slot_arena.h */
	INJECTED_TRAMPOLINES = 6, /* where punned jumps lead; probe/jump/trampoline.h */
	/* Data that an earlier mprof-trace has left, for its pads. It stays what it is. */
	INJECTED_LEFT_DATA = 7,
};

/* Whether it is code of ours: it has a head, then, and instructions in that. */
static inline bool injected_is_code(enum injected_kind kind)
{
	return kind == INJECTED_SLOTS || kind == INJECTED_TRAP_FALLBACK || kind == INJECTED_PADS ||
	       kind == INJECTED_TRAMPOLINES;
}

enum {
	/* Pads lie this far below their code, or farther, and this far from each other. */
	INJECTED_PADS_FAR_BYTES = 256 << 20,
	INJECTED_PADS_STEP_BYTES = 81 * 4096, /* an odd number of pages */
};

enum { INJECTED_HEAD_BYTES = 64 }; /* what is the mapping's own comes behind it */

/* A piece of a mapping that was given out. */
struct injected_block {
	uint64_t offset_bytes;
	struct code_block *block; /* borrowed; NULL: its patch was forgotten */
};

struct injected_mapping {
	enum injected_kind kind;
	taddr_t start;	     /* 0: it may be mapped anywhere */
	uint64_t bytes;	     /* of address space; whole pages */
	uint64_t used_bytes; /* of these, from the start on: written to, and so in memory */
	bool is_mapped;	     /* false: a place that was free when it was chosen, nothing more */
	bool is_resident;    /* all of it is in memory, used or not */
	bool is_left;	     /* by another mprof-trace: nothing of ours comes into it */
	bool was_in_use; /* when that was killed: threads may stand in it, or handlers return there */
	struct injected_block *blocks; /* with _SLOTS, _PADS and _TRAMPOLINES, by offset; owned */
	size_t block_count, block_capacity;
};

/* Zeroed but for the space: an empty list. */
struct injected {
	struct injection injection;
	struct injected_mapping *mappings;
	size_t count, capacity;
	bool is_frugal;	 /* the program locks memory: mappings are no larger than they must be */
	bool is_entered; /* a thread that we have let go stands in one: none is unmapped */
	bool keeps_used; /* what was in use when an mprof-trace was killed is not unmapped */
};

void injected_deinit(struct injected *injected);

/* @to is empty, and of a copy of the memory. The blocks of the copies are still to be tied. */
struct error *injected_clone(struct injected *to, const struct injected *from) MUST_CHECK;

/*
 * Adds a mapping that is not mapped yet. *@ret is valid until the next one is added or dropped, as
 * the results of the functions below.
 */
struct error *injected_add(struct injected *injected, enum injected_kind kind, taddr_t start,
			   uint64_t bytes, struct injected_mapping **ret) MUST_CHECK;
void injected_drop(struct injected *injected, struct injected_mapping *mapping);

/* NULL: there is none of this kind; none at this address. */
struct injected_mapping *injected_find(const struct injected *injected, enum injected_kind kind);
struct injected_mapping *injected_at(const struct injected *injected, taddr_t address);

/*
 * A place for a mapping of @kind, of @bytes, near @near in the memory of thread @tid that neither is in use nor is to
 * be. Pads are not that near, where it can be helped: see slot_arena.h.
 */
struct error *injected_find_room(struct injected *injected, pid_t tid, enum injected_kind kind,
				 taddr_t near, uint64_t bytes, taddr_t *ret) MUST_CHECK;

/*
 * Maps @mapping and writes its head. @tracee is stopped, outside any system call. Where its place has
 * been taken meanwhile, it moves to another near @near, and its blocks with it.
 */
struct error *injected_map(struct injected *injected, struct injected_mapping *mapping,
			   struct tracee *tracee, taddr_t near) MUST_CHECK;

/* The same, there and nowhere else: fails with ERR_FORMAT where the place is taken. */
struct error *injected_map_there(struct injected *injected, struct injected_mapping *mapping,
				 struct tracee *tracee) MUST_CHECK;

/*
 * A word in the program that holds its own address, as the one that a thread pointer points to; 0: there is none. And
 * whether @address is that of such a word.
 */
taddr_t injected_self(const struct injected *injected);
bool injected_is_self(const struct injected *injected, taddr_t address);

/* Takes all of them away from the program. No thread may be in one; @tracee as above. */
struct error *injected_unmap(struct injected *injected, struct tracee *tracee) MUST_CHECK;

/* Likewise those of @kind, or of them those without a block, which are forgotten, too. */
struct error *injected_unmap_kind(struct injected *injected, struct tracee *tracee,
				  enum injected_kind kind, bool only_empty) MUST_CHECK;

/* Marks all as left behind. */
void injected_leave(const struct injected *injected);

/*
 * Adds those that another mprof-trace has left in the process with these mappings; of one that was
 * killed, @used_bytes is 0: not known. Each is then to be claimed, or marked as left, or dropped.
 */
struct error *injected_adopt(struct injected *injected, const struct proc_maps *maps) MUST_CHECK;
struct error *injected_claim(struct injected *injected,
			     const struct injected_mapping *mapping) MUST_CHECK;

/* What the head of @mapping, which is code, says of the data that its pads use: their tables; 0: nothing. */
taddr_t injected_pad_data(const struct injected *injected, const struct injected_mapping *mapping);

/* Whether there is any that was in use. */
bool injected_has_used(const struct injected *injected);

/* Takes note of those that are not in the memory: of a clone whose parent got them after the fork. */
void injected_verify(struct injected *injected);

bool injected_has_any(const struct injected *injected); /* one that is mapped */

/* A trap instruction of ours that a function can return to; 0: nothing is mapped. */
taddr_t injected_return_trap(const struct injected *injected);

/* What is mapped: pages that are in memory, and the address space of all. */
size_t injected_pages(const struct injected *injected);
uint64_t injected_bytes(const struct injected *injected);
struct page_range injected_range(const struct injected_mapping *mapping);

#endif
