/*
 * The list of functions that funcs prints (cli layer).
 */
#ifndef CLI_FUNCS_FUNCS_PRINT_H
#define CLI_FUNCS_FUNCS_PRINT_H

#include <stddef.h>

#include "symbols/elf/symbol_sources.h"
#include "symbols/pattern/pattern.h"
#include "tracer/base/error.h"

/*
 * Prints the functions of the files at @paths that @patterns ask for, all when there are none, in
 * the order of the files, then by name. Fails with ERR_FAILED, after printing the others, when a
 * pattern matches nothing. A library that cannot be read is warned of, and the others are listed; that
 * the first file cannot be read is an error.
 */
struct error *funcs_print(char *const *paths, size_t count, const struct pattern_set *patterns,
			  const struct symbol_sources *sources) MUST_CHECK;

#endif
