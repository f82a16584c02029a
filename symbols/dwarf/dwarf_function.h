/*
 * What DWARF tells of functions: file and line, where they are inlined, the CFA (symbols layer).
 *
 * Apart from symbol_file, because DWARF is dear to read and few ask for it.
 */
#ifndef SYMBOLS_DWARF_DWARF_FUNCTION_H
#define SYMBOLS_DWARF_DWARF_FUNCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbols/elf/isolate.h"
#include "symbols/elf/symbol_sources.h"
#include "symbols/pattern/pattern.h"
#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

struct line_reader;

/* What reading the DWARF of the largest programs may take; a minute is too long for any. */
static const struct isolate_limits DWARF_LIMITS = { .cpu_s = 60, .memory_bytes = 4ULL << 30 };

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

/* A function that has been inlined somewhere. */
struct inlined_function {
	char *label;	  /* as people write it: demangled */
	size_t *patterns; /* numbers of the patterns that match it, of those asked about */
	size_t pattern_count;
	bool is_left_out; /* by one of them: its calls are not told */
};

/* Where: a call that has no entry to stop at, but code of its own within its caller's. */
struct inlined_call {
	size_t function;    /* an index */
	const char *source; /* of the call, valid as long as the reader; NULL: DWARF does not say */
	unsigned line;
	taddr_t entry; /* its first instruction, as in the file; 0: DWARF does not say */
	size_t first_range, range_count; /* its code; 0: none is left of it */
	size_t first_home, home_count;	 /* all code of the function that holds it */
};

struct inlined_range {
	taddr_t start, end; /* as in the file; never empty */
};

struct inlined_calls {
	struct inlined_function *functions; /* in the order in which they were met */
	size_t function_count, function_capacity;
	struct inlined_call *calls; /* a call comes before those that are inlined into it */
	size_t count, capacity;
	struct inlined_range *ranges;
	size_t range_count, range_capacity;
};

/*
 * All inlined calls of the functions that any of the @wanted_count patterns numbered @wanted matches by
 * name. Release with inlined_calls_deinit.
 */
struct error *line_reader_find_inlined(struct line_reader *reader,
				       const struct pattern_set *patterns, const size_t *wanted,
				       size_t wanted_count, struct inlined_calls *ret) MUST_CHECK;
void inlined_calls_deinit(struct inlined_calls *calls);

/* The CFA at one address: a register's value and so many bytes. */
struct cfa_rule {
	uint32_t dwarf_register; /* its number (psABI, figure 3.36) */
	bool is_known;		 /* false: no call frame information, or another kind of rule */
	int64_t offset_bytes;
};

/* The rule at @address (as in the file), from .eh_frame or .debug_frame. */
void line_reader_find_cfa(struct line_reader *reader, taddr_t address, struct cfa_rule *ret);

#endif
