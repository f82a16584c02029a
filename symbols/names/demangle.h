/*
 * From linker names to the names in the source: C++, Rust and D, over libiberty, and Fortran
 * (symbols layer).
 *
 * Names come from files that may be hostile: time, memory and recursion are bounded.
 */
#ifndef SYMBOLS_NAMES_DEMANGLE_H
#define SYMBOLS_NAMES_DEMANGLE_H

#include "tracer/base/error.h"

/*
 * The demangled name, with parameters, without a template function's return type and without clone
 * suffixes; a name that is not mangled, or too long or too deep to be read, as it is (without the
 * suffix). Valid UTF-8 without control characters: other bytes become '?'. *@ret is owned (free).
 */
struct error *demangle(const char *linkage_name, char **ret) MUST_CHECK;

#endif
