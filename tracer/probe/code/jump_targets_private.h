/* What jump_targets holds (probe layer; only for the files that prove). */
#ifndef PROBE_CODE_JUMP_TARGETS_PRIVATE_H
#define PROBE_CODE_JUMP_TARGETS_PRIVATE_H

#include <stdbool.h>

#include "symbols/file/code_extents.h"
#include "tracer/base/taddr.h"
#include "tracer/probe/code/jump_targets.h"

struct jump_targets {
	const struct symbol_file *file; /* borrowed */
	struct code_extents extents;
	/* The executable segments, and a bit for each byte of them: */
	taddr_t start, end;
	uint64_t *branched; /* something in the code looks like a branch to it */
	uint64_t *taken;    /* something looks like its address */
	bool is_unreadable; /* nothing can be proven */
};

/* A function, or a part of one. */
struct code_range {
	taddr_t start, end;
	const struct code_extent *extent; /* NULL: a symbol alone says so */
};

/*
 * What holds @address, false: nothing says. A file whose functions have unwind information has it for all
 * that compilers have made: code without it (V8's builtins in node) is entered in ways of its own, and a
 * symbol is not enough.
 */
bool jump_targets_range(const struct jump_targets *targets, taddr_t address,
			struct code_range *ret);

/* Whether something may branch to an address in [first, end), or have its address. */
bool jump_targets_enter(const struct jump_targets *targets, taddr_t first, taddr_t end);
bool jump_targets_is_taken(const struct jump_targets *targets, taddr_t address);

/* Whether an executable segment holds it. */
static inline bool jump_targets_hold(const struct jump_targets *targets, taddr_t address)
{
	return address.value >= targets->start.value && address.value < targets->end.value;
}

#endif
