/*
 * Code of functions that compilers have put into their callers, as DWARF tells it (symbols layer).
 *
 * Addresses are the file's own. Nothing here has been compared with the code itself.
 */
#ifndef SYMBOLS_FILE_INLINED_H
#define SYMBOLS_FILE_INLINED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbols/dwarf/dwarf_function.h"
#include "symbols/elf/isolate.h"
#include "symbols/file/symbol_file.h"

/* No pointers within, so that it can be sent from one process to another. */
struct inlined_name {
	uint64_t label; /* in the list's text */
	uint64_t first_pattern, pattern_count;
};

struct inlined_instance {
	uint64_t name; /* index of the function's */
	taddr_t entry; /* its first instruction; 0: DWARF does not say */
	uint64_t first_range, range_count;
	uint64_t first_home, home_count; /* ranges: all code of the function that holds it */
};

/* Everything lies in @received; zeroed it is empty. */
struct inlined_list {
	const struct inlined_name *names;
	const struct inlined_instance *instances; /* what holds others comes before them */
	const struct inlined_range *ranges;
	const uint64_t *patterns;
	const char *text;
	size_t name_count, instance_count, range_count;
	struct isolated received;
};

/*
 * The instances of all functions that the patterns by name ask for in @file; those without code are left
 * out. Reads DWARF. Empty where there is none, or where it cannot be read, which is said. Release with
 * inlined_list_deinit.
 */
struct error *symbol_file_find_inlined(const struct symbol_file *file,
				       const struct pattern_set *patterns,
				       struct inlined_list *ret) MUST_CHECK;
void inlined_list_deinit(struct inlined_list *list);

/*
 * The rules at @addresses, from .eh_frame or .debug_frame, into @ret, which has room for @count. All are
 * unknown where the file's call frame information cannot be read.
 */
struct error *symbol_file_cfa_rules(const struct symbol_file *file, const taddr_t *addresses,
				    size_t count, struct cfa_rule *ret) MUST_CHECK;

/*
 * Reads up to @bytes of the code at @address from the file, less where its segment ends; 0 where there is
 * none, or where the file is gone.
 */
size_t symbol_file_read_code(const struct symbol_file *file, taddr_t address, uint8_t *ret,
			     size_t bytes);

/* The same of any segment, for data that is as the linker left it. */
size_t symbol_file_read_data(const struct symbol_file *file, taddr_t address, uint8_t *ret,
			     size_t bytes);

#endif
