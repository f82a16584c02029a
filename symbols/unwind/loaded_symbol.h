/*
 * Symbols of an ELF file as it is loaded (symbols layer): data that a program or a library exports, by its dynamic symbols. Only
 * memory is read, which may be damaged or hostile: then nothing is found.
 */
#ifndef SYMBOLS_UNWIND_LOADED_SYMBOL_H
#define SYMBOLS_UNWIND_LOADED_SYMBOL_H

#include <stdbool.h>

#include "symbols/unwind/memory_view.h"
#include "tracer/base/taddr.h"

/* Where the dynamic symbols of one file are, for the loader of the program. */
struct loaded_symbols {
	struct memory_view *view; /* borrowed */
	uint64_t bias;		  /* address of a symbol + bias = address in the process */
	uint64_t symbols, texts, hashes;
};

/* Of the file whose ELF header is at @header. False: it is none, or has no DT_GNU_HASH. */
bool loaded_symbols_open(struct loaded_symbols *symbols, struct memory_view *view, taddr_t header);

/* The address of @name in the process; false: it is not defined there. */
bool loaded_symbols_find(const struct loaded_symbols *symbols, const char *name, taddr_t *ret);

#endif
