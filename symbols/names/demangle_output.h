/*
 * What libiberty writes of a demangled name, collected up to a limit (symbols layer; only for
 * demangle.c and demangle_tree.c).
 */
#ifndef SYMBOLS_NAMES_DEMANGLE_OUTPUT_H
#define SYMBOLS_NAMES_DEMANGLE_OUTPUT_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

/* Substitutions let a hundred bytes describe a name of 2^30. */
enum { DEMANGLED_MAX_BYTES = 64 * 1024 };

struct demangle_output {
	jmp_buf give_up; /* where it goes when there is too much; to be set before each writing */
	char *text;	 /* owned by whoever reads it at the end */
	size_t bytes, capacity;
	bool is_full; /* there was more */
	/* Instead of giving up, to show what lies deeper in brackets as an ellipsis; Rust's names. */
	bool condenses;
	unsigned depth; /* of brackets, when condensing */
	char last;	/* the byte before */
	size_t seen;	/* bytes, written or not */
};

/* Forgets what was written, and how. */
void demangle_output_restart(struct demangle_output *out, bool condenses);

/* libiberty's callback; @opaque is a demangle_output. */
void demangle_output_append(const char *text, size_t bytes, void *opaque);

#endif
