/*
 * The code of a file, cut up by its unwind information: what there is for files without symbols
 * (symbols layer). Addresses are the file's own.
 */
#ifndef SYMBOLS_CODE_CODE_EXTENTS_H
#define SYMBOLS_CODE_CODE_EXTENTS_H

#include "symbols/dwarf/frame_table.h"
#include "symbols/elf/isolate.h"
#include "symbols/file/symbol_file.h"

/* Everything lies in @received; zeroed it is empty. */
struct code_extents {
	const struct code_extent *extents; /* by start */
	size_t count;
	const uint64_t *pads; /* where exceptions arrive */
	bool is_cut;	      /* some are missing: they were not understood */
	struct isolated received;
};

/*
 * Reads the .eh_frame of @file, in a child. Empty where there is none, and, which is said, where it
 * cannot be read. Release with code_extents_deinit.
 */
struct error *symbol_file_read_extents(const struct symbol_file *file,
				       struct code_extents *ret) MUST_CHECK;
void code_extents_deinit(struct code_extents *extents);

/* The innermost extent that holds @address; NULL: none does. */
const struct code_extent *code_extents_at(const struct code_extents *extents, taddr_t address);

/* The first extent that starts at @address or behind it; @extents->count: none does. */
size_t code_extents_from(const struct code_extents *extents, taddr_t address);

#endif
