/*
 * A small cache in front of an unwind_memory, for one unwinding (symbols layer).
 *
 * Unwinding reads a few bytes here and there, and again: a block read once stays, so that each read
 * of the program's memory pays for many of ours.
 */
#ifndef SYMBOLS_UNWIND_MEMORY_VIEW_H
#define SYMBOLS_UNWIND_MEMORY_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbols/unwind/unwind_memory.h"
#include "tracer/base/taddr.h"

enum {
	/* Divides a page, so that a block is readable wholly or not at all, save where a file ends. */
	MEMORY_BLOCK_BYTES = 1024,
	MEMORY_BLOCKS = 32,
};

struct memory_block {
	uint64_t number; /* address / MEMORY_BLOCK_BYTES */
	size_t bytes;	 /* readable from its start; 0: unused, or unreadable */
	bool is_used;
	unsigned char data[MEMORY_BLOCK_BYTES];
};

struct memory_view {
	const struct unwind_memory *memory;	   /* borrowed */
	struct memory_block blocks[MEMORY_BLOCKS]; /* by number modulo MEMORY_BLOCKS */
};

/* Zeroed memory with @memory set is an empty view. */
void memory_view_init(struct memory_view *view, const struct unwind_memory *memory);

/* Reads @bytes at @from, all or none. */
bool memory_view_read(struct memory_view *view, taddr_t from, void *ret, size_t bytes);

#endif
