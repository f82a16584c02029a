/*
 * What functions' lines gained, as a table for people and as JSON (plot layer).
 *
 * The table is memory_profiler's, byte for byte where both say the same. What it has not is said above a table:
 * which of several processes or functions it is of, that code was optimised or inlined, that readings are held.
 */
#ifndef PLOT_LINES_LINE_TABLE_H
#define PLOT_LINES_LINE_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "plot/lines/source_store.h"
#include "plot/profile/profile.h"
#include "plot/text/json_write.h"

enum { LINE_PRECISION_MOST = 6 }; /* the decimals that a profile has */

struct line_table {
	const struct profile *profile; /* borrowed, as all below */
	struct source_store *sources;
	unsigned
		precision; /* decimals of figures, LINE_PRECISION_MOST at most; of the table alone */
	bool (*wants)(void *data, const char *function); /* NULL: all functions */
	void *data;
	/* A source file could not be had, or is younger than the recording. NULL: nobody wants to know. */
	void (*note_source)(void *data, const char *path, const char *what, bool is_missing);
};

/* How many functions would be shown, each once for each process that ran lines of it. */
size_t line_table_count(const struct line_table *table);

/* @name says what @out is. */
struct error *line_table_print(const struct line_table *table, FILE *out,
			       const char *name) MUST_CHECK;
struct error *line_table_write_json(const struct line_table *table, FILE *out,
				    const char *name) MUST_CHECK;

/*
 * What is known of the function of a block, as members of an object: "file" to "is_optimised". What is not known
 * without its own record is null.
 */
void line_function_put_json(struct json_writer *json, const struct line_book *book,
			    const struct line_block *block);

#endif
