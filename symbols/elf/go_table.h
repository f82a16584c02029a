/*
 * The functions that a Go program tells of itself (symbols layer; only elf_symbols.c uses it).
 *
 * Its runtime needs their names for backtraces, so that they are there in stripped programs, too.
 */
#ifndef SYMBOLS_ELF_GO_TABLE_H
#define SYMBOLS_ELF_GO_TABLE_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct go_table {
	const uint8_t *data; /* the section, the Elf's memory; NULL: there is none */
	size_t bytes;
	uint64_t text; /* what entries count from */
	uint64_t count;
	uint64_t names, functions; /* offsets in @data */
	unsigned entry_bytes;	   /* of a number in the table of functions: 4 or 8 */
};

/* Finds the table; one of an unknown version (before Go 1.16) or a damaged one is none. */
void go_table_init(struct go_table *table, Elf *elf);

/* Function number @index, in the order of addresses; false: it is damaged. */
bool go_table_function(const struct go_table *table, uint64_t index, const char **ret_name,
		       uint64_t *ret_address, uint64_t *ret_bytes);

#endif
