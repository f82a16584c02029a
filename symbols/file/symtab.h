/*
 * The function symbols of one ELF file, sorted, in a few arrays and one block of text
 * (symbols layer). Owns its memory; nothing of the ELF file stays open.
 */
#ifndef SYMBOLS_FILE_SYMTAB_H
#define SYMBOLS_FILE_SYMTAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbols/elf/dwfl_session.h"
#include "symbols/elf/function.h"

struct symtab {
	struct function *functions; /* by address, each address once */
	size_t function_count;
	/* The names of functions[i]: names[first_names[i]] up to names[first_names[i + 1]]. */
	uint32_t *first_names;
	/* Offsets into @text. Of one function, the name to show first: global, then weak, then
	 * local; fewer underscores in front. */
	uint32_t *names;
	uint32_t *sources;  /* by name: offset of the source file's name, 0: not known */
	uint32_t *versions; /* by name: offset of the version, 0: none */
	size_t name_count;
	/* reach[i]: the highest end of functions[0..i], so that a search knows when to stop. */
	uint64_t *reach;
	char *text;
	size_t text_bytes;
};

/*
 * Reads them; @segments tells where code may lie. @reads_unnamed: see symbol_sources. *@ret_kind says
 * where they come from.
 */
struct error *symtab_init(struct symtab *table, struct dwfl_session *session, bool reads_unnamed,
			  const struct symbol_segment *segments, size_t segment_count,
			  enum symbol_kind *ret_kind) MUST_CHECK;
void symtab_deinit(struct symtab *table);

#endif
