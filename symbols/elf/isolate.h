/*
 * Reads untrusted files in a child of ours (symbols layer).
 *
 * ELF and DWARF come from anywhere, and libelf and libdw are large. Whatever a file makes them do
 * (crash, loop, ask for all memory, be cut short while it is mapped) happens in a short-lived
 * process, and to us it is one more error. The tracer must not die of a file.
 */
#ifndef SYMBOLS_ELF_ISOLATE_H
#define SYMBOLS_ELF_ISOLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tracer/base/error.h"

/*
 * Does the reading and writes what it found to @out; @context is the caller's. What it changes in
 * memory, it changes in the child's copy alone.
 */
typedef struct error *(*isolate_read_fn)(void *context, FILE *out);

struct isolate_limits {
	unsigned cpu_s;
	uint64_t memory_bytes; /* on top of what we have ourselves */
};

/* What the child wrote. A zeroed struct holds nothing. */
struct isolated {
	char *data; /* aligned as malloc(3) does it; only to be read */
	size_t bytes;
	size_t mapped_bytes; /* 0: @data is of malloc(3) */
};

/*
 * Runs @read_file in a child and waits for the child. Fails with the error of @read_file, or with
 * ERR_FORMAT when the child died: the message then says how, and does not name the file.
 */
struct error *isolate_run(isolate_read_fn read_file, void *context,
			  const struct isolate_limits *limits, struct isolated *ret) MUST_CHECK;
void isolated_deinit(struct isolated *result);

/*
 * For whoever lays arrays out over what a child wrote: takes @count items of @item_bytes at *@at,
 * of which *@left bytes are left. *@ret_items, a pointer to const items, points to them. False,
 * with nothing taken: it is not as long as that.
 */
static inline bool isolated_take(const char **at, size_t *left, uint64_t count, size_t item_bytes,
				 const void *ret_items)
{
	if (count > *left / item_bytes)
		return false;
	*(const char **)ret_items = *at;
	*at += count * item_bytes;
	*left -= count * item_bytes;
	return true;
}

#endif
