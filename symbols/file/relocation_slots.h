/*
 * The words of memory that the dynamic linker fills with addresses of functions (symbols layer).
 */
#ifndef SYMBOLS_FILE_RELOCATION_SLOTS_H
#define SYMBOLS_FILE_RELOCATION_SLOTS_H

#include "symbols/file/symbol_file.h"

/* One such word: GLOB_DAT, JUMP_SLOT, 64 (on aarch64 ABS64) or IRELATIVE. */
struct relocation_slot {
	taddr_t address;    /* as in the file */
	const char *symbol; /* whose address comes there; NULL: what @resolver returns */
	taddr_t resolver;   /* as in the file */
};

/*
 * Gives each slot of the file to @slot, in the file's order. Nothing when the file is gone or has
 * none.
 */
struct error *relocation_slots_walk(const struct symbol_file *file,
				    struct error *(*slot)(void *context,
							  const struct relocation_slot *slot),
				    void *context) MUST_CHECK;

#endif
