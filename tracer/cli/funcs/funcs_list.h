/*
 * The functions of a program that funcs lists: found and sorted (cli layer).
 */
#ifndef CLI_FUNCS_FUNCS_LIST_H
#define CLI_FUNCS_FUNCS_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "symbols/elf/function.h"
#include "symbols/elf/isolate.h"
#include "symbols/elf/symbol_sources.h"
#include "symbols/file/symbol_file.h"
#include "symbols/pattern/pattern.h"
#include "tracer/base/error.h"

/* One line of the list. */
struct funcs_row {
	const char *label;  /* the store's, or one of the list's marks */
	const char *module; /* in the path */
	size_t file;
	const struct function *function; /* NULL: a static probe */
	const char *source;		 /* FILE:LINE, the list's; "": not known */
};

struct funcs_list {
	struct symbol_store *store;
	const struct symbol_sources *sources;
	const struct symbol_file **files;
	struct isolated *lines; /* by file: what the rows' @source lie in */
	size_t file_count;
	struct funcs_row *rows;
	size_t count, capacity;
	bool *matched; /* by pattern */
	char **marks;  /* labels of marks */
	size_t mark_count, mark_capacity;
};

/*
 * Reads the files at @paths into @list, which has its sources; the rest of it is zeroed. The rows are in
 * the order of the files, then by name, each once, and have no source lines yet. A library that cannot
 * be read is warned of, and the others are listed; that the first file cannot be read is an error.
 */
struct error *funcs_list_read(struct funcs_list *list, char *const *paths, size_t count,
			      const struct pattern_set *patterns) MUST_CHECK;
void funcs_list_deinit(struct funcs_list *list);

#endif
