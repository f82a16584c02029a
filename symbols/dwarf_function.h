/*
 * Where a function is written: file and line, from DWARF (symbols layer).
 *
 * Apart from symbol_file, because DWARF is dear to read and few ask for it.
 */
#ifndef SYMBOLS_DWARF_FUNCTION_H
#define SYMBOLS_DWARF_FUNCTION_H

#include <stdbool.h>
#include <stddef.h>

#include "symbols/pattern.h"
#include "symbols/symbol_sources.h"
#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

struct line_reader;

/*
 * Opens the ELF file of @place, and its separate debug file where the sources lead to one; borrows
 * both. That there is no DWARF is no error. Fails with ERR_FORMAT or ERR_FAILED when the file cannot
 * be read. Reads in this process: use it inside isolate_run.
 */
struct error *line_reader_open(const struct elf_place *place, const struct symbol_sources *sources,
			       struct line_reader **ret) MUST_CHECK;
void line_reader_close(struct line_reader *reader);

/*
 * The source line of the code at @address (as in the file). *@ret_source is borrowed until the
 * reader is closed; its path is as the compiler was given it. False: DWARF does not say.
 */
bool line_reader_find(struct line_reader *reader, taddr_t address, const char **ret_source,
		      unsigned *ret_line);

/*
 * The source file that declares the function whose code begins at @address: unlike the line there,
 * which may be that of what was inlined first. *@ret is borrowed as above, NULL: DWARF does not say.
 * The first question about a unit reads all of that.
 */
struct error *line_reader_find_declaration(struct line_reader *reader, taddr_t address,
					   const char **ret) MUST_CHECK;

/* A piece of code made from a line. */
struct line_code {
	taddr_t address;      /* where its function begins, as in the file */
	bool is_inlined;      /* @function has been inlined there: it does not begin there */
	const char *function; /* valid as long as the reader; "?" when DWARF does not say */
	unsigned line;	      /* the line it was made from: the wanted one, or the next with code */
};

/*
 * The code of line @line of the source files that @source names (source_match), or, when it has
 * none, of the next line that has. Each function once; *@ret is returned owned (free), NULL when
 * there is none.
 */
struct error *line_reader_find_code(struct line_reader *reader, const char *source, unsigned line,
				    struct line_code **ret, size_t *ret_count) MUST_CHECK;

/* Whether any unit was compiled from a source file that @source names. */
bool line_reader_has_source(struct line_reader *reader, const char *source);

/* Where a function has been inlined: a call that has no entry to stop at. */
struct inlined_call {
	const char *source; /* of the call, valid as long as the reader; NULL: DWARF does not say */
	unsigned line;
};

/*
 * All inlined calls of the functions that pattern number @pattern matches by name. *@ret is returned
 * owned (free), NULL when there are none.
 */
struct error *line_reader_find_inlined(struct line_reader *reader,
				       const struct pattern_set *patterns, size_t pattern,
				       struct inlined_call **ret, size_t *ret_count) MUST_CHECK;

#endif
