/* The functions in the tree of a DWARF unit (symbols layer; for the files that read DWARF). */
#ifndef SYMBOLS_DWARF_DWARF_WALK_H
#define SYMBOLS_DWARF_DWARF_WALK_H

#include <stdbool.h>

#include <elfutils/libdw.h>

#include "tracer/base/error.h"

/* Gets each DIE of a function or of an inlined call below @unit; its first error ends the walk. */
struct error *dwarf_walk_functions(Dwarf_Die *unit,
				   struct error *(*visit)(void *context, Dwarf_Die *die, int tag),
				   void *context) MUST_CHECK;

/*
 * DWARF's address of a function's first instruction; of one in several ranges the start of the first, where GCC
 * says no more. False: DWARF does not say.
 */
bool dwarf_entry_of(Dwarf_Die *function, Dwarf_Addr *ret);

/*
 * The source file that an attribute such as DW_AT_decl_file of @die names, of the unit whose DIE is
 * @unit; NULL: it has none. (dwarf_decl_file asserts what split DWARF does not keep.)
 */
const char *dwarf_source_of(Dwarf_Die *unit, Dwarf_Die *die, unsigned attribute);

/* The linker name; the plain name where DWARF gives no other, NULL where it gives none. */
const char *dwarf_linkage_name_of(Dwarf_Die *function);

#endif
