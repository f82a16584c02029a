/*
 * The function symbols of an ELF file as they stand there (symbols layer; only symtab.c uses it).
 * Their texts lie in the session's memory.
 */
#ifndef SYMBOLS_ELF_ELF_SYMBOLS_H
#define SYMBOLS_ELF_ELF_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbols/elf/dwfl_session.h"
#include "symbols/elf/function.h"
#include "symbols/elf/ifunc_stubs.h"
#include "symbols/elf/plt_sections.h"

/* No name that means anything is longer; a made-up file may point a million symbols at one text. */
enum { SYMBOL_NAME_MAX_BYTES = 65536 };

struct elf_symbol {
	uint64_t address;
	uint64_t size_bytes;
	const char *name;
	uint32_t name_bytes;
	uint32_t source;  /* index in strings: the source file; 0: not known */
	uint32_t version; /* index in strings; 0: none */
	uint8_t rank;	  /* lower is shown first */
	bool is_ifunc;
	bool is_label;	 /* it has no type: perhaps no function */
	bool is_unnamed; /* see struct function; a label, too */
};

struct elf_symbols {
	struct elf_symbol *items;
	size_t count, capacity;
	const char **strings; /* borrowed texts; [0] is "" */
	size_t string_count, string_capacity;
	char **made; /* owned: names made here */
	size_t made_count, made_capacity;
	const struct symbol_segment *segments; /* borrowed */
	size_t segment_count;
	struct plt_sections plts;
	struct ifunc_stubs stubs;
	enum symbol_kind kind; /* where they come from */
	bool is_fortran; /* what its symbols give away of the languages that it is written in */
	bool is_ada;
};

/* @symbols has its segments; everything else is zeroed. Collects what may be functions. */
struct error *elf_symbols_collect(struct elf_symbols *symbols,
				  struct dwfl_session *session) MUST_CHECK;

/* Adds one, if it is in code; its size ends with its segment. */
struct error *elf_symbols_append(struct elf_symbols *symbols,
				 const struct elf_symbol *symbol) MUST_CHECK;

/* Takes a text that symbols are to have as their names; frees it on failure. */
struct error *elf_symbols_keep_made(struct elf_symbols *symbols, char *text) MUST_CHECK;

void elf_symbols_deinit(struct elf_symbols *symbols);

#endif
