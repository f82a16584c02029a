/*
 * The functions that only a file's unwind information knows, as of a stripped program (symbols layer;
 * only symtab.c uses it).
 *
 * Each FDE of .eh_frame covers one (LSB 5.0 core, 10.6), or a part of one that lies elsewhere, or a
 * table of PLT stubs: what is not entered by a call is left out. The rest are added as symbols that are
 * unnamed: their names are their addresses, as 0x1234.
 */
#ifndef SYMBOLS_DWARF_DWARF_UNNAMED_H
#define SYMBOLS_DWARF_DWARF_UNNAMED_H

#include <libelf.h>

#include "symbols/elf/elf_symbols.h"

struct error *unnamed_functions_add(struct elf_symbols *raw, Elf *elf) MUST_CHECK;

#endif
