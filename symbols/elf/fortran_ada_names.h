/*
 * Names as the authors of Fortran and Ada write them (symbols layer; only symtab.c uses it).
 *
 * These languages have no prefix that tells a mangled name, so that what a file's symbols tell of
 * its language decides: the written name is added beside the linker's, as an alias.
 */
#ifndef SYMBOLS_ELF_FORTRAN_ADA_NAMES_H
#define SYMBOLS_ELF_FORTRAN_ADA_NAMES_H

#include "symbols/elf/elf_symbols.h"

struct error *fortran_ada_names_add(struct elf_symbols *symbols) MUST_CHECK;

#endif
