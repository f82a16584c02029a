/*
 * Which inlined functions the code at an address belongs to, by the DWARF of its file (symbols layer).
 *
 * For stacks: a few addresses are asked about at once, again and again. DWARF is read in a child, whole units of it, and
 * what was read is kept. It is read as long as that does not take too long; where it would, functions are not told
 * to be inlined, which is all the harm.
 */
#ifndef SYMBOLS_CODE_INLINED_FRAMES_H
#define SYMBOLS_CODE_INLINED_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbols/dwarf/dwarf_frames.h"
#include "symbols/file/symbol_file.h"

/* What a child has sent. */
struct inlined_batch;

/* Of one file; zeroed it knows nothing. */
struct inlined_frames {
	struct inlined_batch *batches; /* owned */
	size_t count, capacity;
	bool is_given_up; /* it cannot be read */
};

/* Whether @file has DWARF to be asked. */
bool inlined_frames_are_told(const struct symbol_file *file);

/*
 * Reads the units of @file that hold one of @addresses, none of which is known. That the file cannot be read is said, and
 * no failure.
 */
struct error *inlined_frames_read(struct inlined_frames *frames, const struct symbol_file *file,
				  const taddr_t *addresses, size_t count) MUST_CHECK;

/* Whether the unit that holds @address has been read. */
bool inlined_frames_know(const struct inlined_frames *frames, taddr_t address);

/*
 * The names of the inlined functions that the code at @address belongs to, the innermost first, up to @capacity of them;
 * valid as long as @frames. Returns how many there are.
 */
size_t inlined_frames_at(const struct inlined_frames *frames, taddr_t address, const char **ret,
			 size_t capacity);

void inlined_frames_deinit(struct inlined_frames *frames);

#endif
