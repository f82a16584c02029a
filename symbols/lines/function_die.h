/*
 * What the DIE of a function says of its text and its code (symbols layer; for the files that read DWARF).
 */
#ifndef SYMBOLS_LINES_FUNCTION_DIE_H
#define SYMBOLS_LINES_FUNCTION_DIE_H

#include <stdbool.h>
#include <stddef.h>

#include <elfutils/libdw.h>

#include "tracer/base/error.h"

/* Code in DWARF's addresses, not empty. */
struct code_range {
	Dwarf_Addr start, end;
};

/* Zeroed it is empty. */
struct code_ranges {
	struct code_range *items;
	size_t count, capacity;
};

struct error *code_ranges_add(struct code_ranges *ranges, Dwarf_Addr start,
			      Dwarf_Addr end) MUST_CHECK;
/* All code of @die. */
struct error *code_ranges_add_die(struct code_ranges *ranges, Dwarf_Die *die) MUST_CHECK;
/* Sorts them, and makes one of those that overlap or touch. */
void code_ranges_join(struct code_ranges *ranges);
/* They are joined. */
bool code_ranges_hold(const struct code_ranges *ranges, Dwarf_Addr address);

/* Where the function's text begins; *@ret_source is borrowed from libdw. False: DWARF does not say. */
bool function_die_declaration(Dwarf_Die *function, const char **ret_source, unsigned *ret_line);

/*
 * Whether the function was optimised: by the options that the unit's producer tells; where it tells none, as
 * clang and rustc, by what they say of optimised code alone (all its calls, variables that move).
 */
bool function_die_is_optimised(Dwarf_Die *unit, Dwarf_Die *function);

/* What has been inlined into a function. */
struct inlined_code {
	struct code_ranges ranges; /* joined */
	/* The next line of its own file where the text of one that was inlined begins: there its own has ended. */
	unsigned end_line;
};

/* @source and @line: where the function's text begins; NULL: not known. Release ret->ranges. */
struct error *function_die_inlined(Dwarf_Die *function, const char *source, unsigned line,
				   struct inlined_code *ret) MUST_CHECK;

#endif
