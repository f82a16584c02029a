/*
 * The texts of source files that a line table holds itself: DW_LNCT_LLVM_source, as clang -gembed-source writes it
 * (symbols layer; for the files that read DWARF). libdw does not read them.
 */
#ifndef SYMBOLS_LINES_EMBEDDED_SOURCE_H
#define SYMBOLS_LINES_EMBEDDED_SOURCE_H

#include <stddef.h>

#include <elfutils/libdw.h>

#include "tracer/base/error.h"

struct embedded_text {
	const char
		*text; /* borrowed from libdw, ends with '\0'; NULL: the table does not hold it */
};

/* Of one unit. Zeroed there are none. */
struct embedded_sources {
	struct embedded_text
		*of_file; /* by the number of a file, as in dwarf_filesrc; owned (free) */
	size_t count;
};

/* What makes no sense holds nothing; fails without memory alone. */
struct error *embedded_sources_read(Dwarf *dwarf, Dwarf_Die *unit,
				    struct embedded_sources *ret) MUST_CHECK;

#endif
