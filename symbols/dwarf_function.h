/*
 * Where a function is written: file and line, from DWARF (symbols layer).
 *
 * Apart from symbol_file, because DWARF is dear to read and few ask for it.
 */
#ifndef SYMBOLS_DWARF_FUNCTION_H
#define SYMBOLS_DWARF_FUNCTION_H

#include <stdbool.h>

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

#endif
