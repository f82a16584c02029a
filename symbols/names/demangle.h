/*
 * From linker names to the names in the source: C++, Rust and D, over libiberty, and Fortran
 * (symbols layer).
 *
 * Names come from files that may be hostile: time, memory and recursion are bounded.
 */
#ifndef SYMBOLS_NAMES_DEMANGLE_H
#define SYMBOLS_NAMES_DEMANGLE_H

#include <stdbool.h>
#include <stddef.h>

#include "tracer/base/error.h"

/* Whether a linker name looks mangled: _Z or _R, _D and a digit, __module_MOD_procedure. */
bool linkage_name_is_mangled(const char *linkage_name);

/*
 * The length of @linkage_name without what a compiler appended to a copy of the function:
 * `.isra.0`, `.constprop.1`, `.part.2`, `.llvm.123`, `.lto_priv.0`, …, several of them too; and the
 * number of a function within another, `.0`.
 */
size_t linkage_name_base_bytes(const char *linkage_name);

/*
 * Compilers make one function into several that call each other: the deleting, the complete and the
 * base variant of a constructor or destructor (Itanium C++ ABI, 5.1.4.3), GCC's common one of them, and
 * `.part.0`, the greater part of a function whose beginning is inlined into its callers. 0 for a
 * function that is whole; a variant only goes on in one of a higher number.
 */
unsigned linkage_name_variant(const char *linkage_name);

/* Whether it is the unlikely part of a function, split off: `.cold`, `.cold.0`. */
bool linkage_name_is_cold(const char *linkage_name);

/*
 * The demangled name, with parameters, without a template function's return type and without clone
 * suffixes; a name that is not mangled, or too long or too deep to be read, as it is (without the
 * suffix). Valid UTF-8 without control characters: other bytes become '?'. *@ret is owned (free).
 */
struct error *demangle(const char *linkage_name, char **ret) MUST_CHECK;

#endif
