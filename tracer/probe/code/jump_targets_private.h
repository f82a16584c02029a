/* What jump_targets holds (probe layer; only for the files that prove). */
#ifndef PROBE_CODE_JUMP_TARGETS_PRIVATE_H
#define PROBE_CODE_JUMP_TARGETS_PRIVATE_H

#include <stdbool.h>

#include "symbols/code/code_extents.h"
#include "tracer/arch/references.h"
#include "tracer/base/taddr.h"
#include "tracer/probe/code/jump_targets.h"

struct jump_targets {
	const struct symbol_file *file; /* borrowed */
	struct code_extents extents;
	/* The executable segments, and a bit for each byte of them: */
	taddr_t start, end;
	uint64_t *entered[ARCH_REFERENCE_KINDS]; /* code looks like a reference to it */
	uint64_t *pointed;			 /* a pointer or an exception table leads there */
	struct jump_references
		*references; /* owned: what looks like them, once they are asked for */
	bool is_unreadable;  /* nothing can be proven */
};

/* Tells @sink of all that looks like a reference in the file's code. */
struct error *jump_targets_scan_code(const struct jump_targets *targets,
				     const struct arch_reference_sink *sink) MUST_CHECK;

/*
 * Which of these are references. They are found with no regard to where instructions begin: a byte of an operand that
 * looks like a call's first one is told from a call by the function that it lies in. If all of that is understood,
 * from its first byte to its last, the instruction there is known. Seldom asked, so the file is read for it at the
 * first question (jump_references.c).
 */
struct jump_references;
struct error *jump_references_create(struct jump_references **ret) MUST_CHECK;
void jump_references_destroy(struct jump_references *references);

/* Whether code of @targets refers to @address, or cannot be known not to. */
bool jump_references_lead_to(struct jump_references *references, const struct jump_targets *targets,
			     taddr_t address);

/* Likewise, whether code does that @graph does not hold. NULL: it holds none. */
struct cfg;
bool jump_references_lead_from_outside(struct jump_references *references,
				       const struct jump_targets *targets, taddr_t address,
				       const struct cfg *graph);

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

/* Whether something may refer to @address in that way; does to any in [first, end), or cannot be known not to. */
bool jump_targets_has(const struct jump_targets *targets, enum arch_reference kind,
		      taddr_t address);
bool jump_targets_enter(const struct jump_targets *targets, taddr_t first, taddr_t end);

/*
 * Whether the code that starts at @start is a function of its own, and not a part of another (.cold): it
 * has a name, is called, or somebody has its address.
 */
bool jump_targets_is_function(const struct jump_targets *targets, taddr_t start);

/* Whether an executable segment holds it. */
static inline bool jump_targets_hold(const struct jump_targets *targets, taddr_t address)
{
	return address.value >= targets->start.value && address.value < targets->end.value;
}

#endif
