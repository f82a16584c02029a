/* The versions that an ELF file defines for its .dynsym (symbols layer). */
#ifndef SYMBOLS_ELF_SYMBOL_VERSIONS_H
#define SYMBOLS_ELF_SYMBOL_VERSIONS_H

#include <gelf.h>
#include <stddef.h>

#include "tracer/base/error.h"

struct symbol_versions {
	Elf_Data *of_symbol; /* .gnu.version; NULL: there are none */
	const char **names;  /* by version index; NULL: not defined here */
	size_t count;
};

/* Borrows @elf. A file without versions, or with damaged ones, has none. */
struct error *symbol_versions_init(struct symbol_versions *versions, Elf *elf) MUST_CHECK;
void symbol_versions_deinit(struct symbol_versions *versions);

/* The version of symbol number @symbol, valid as long as the Elf; NULL: none. */
const char *symbol_versions_get(const struct symbol_versions *versions, int symbol);

#endif
