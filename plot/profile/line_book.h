/*
 * What a profile says of lines: of each function whose lines were recorded, in each process (plot layer).
 */
#ifndef PLOT_PROFILE_LINE_BOOK_H
#define PLOT_PROFILE_LINE_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plot/profile/text_pool.h"
#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"

/* A line of a function, or of what was inlined into it: all its executions in one process (a LINE record). */
struct line_figures {
	int32_t source; /* number of its path among the book's sources */
	uint32_t line;	/* from 1 */
	uint64_t count;
	uint64_t held_count; /* of @count, those without a reading of their own */
	double gained_mib;
	double mib; /* after it ran last */
};

/* The function itself (a LINES record). */
struct line_function {
	int32_t source;
	uint32_t first_line, last_line; /* of its text */
	uint64_t calls;
	double before_mib; /* when it was entered first */
	double gained_mib; /* in all its calls: what its lines have gained together */
	bool is_optimised;
};

/* One function in one process. */
struct line_block {
	int32_t name;	 /* number among the book's names */
	int32_t process; /* index into profile.processes */
	bool has_function; /* else @function is not known: the recording broke off before it was written */
	struct line_function function;
	struct line_figures *lines; /* in order of their first record */
	size_t count, capacity;
	struct addr_map line_of_key; /* source and line -> index + 1 */
};

/* Zeroed it is empty. */
struct line_book {
	struct text_pool names, sources;
	struct line_block *blocks; /* in order of their first record */
	size_t count, capacity;
	struct addr_map block_of_key; /* process and name -> index + 1 */
	/* Texts of lines that the profile has itself: each once, and source and line -> its number + 1. */
	struct text_pool texts;
	struct addr_map text_of_line;
};

void line_book_deinit(struct line_book *book);

/* Makes @ret, which is empty, hold the same. It is to be released on failure, too. */
struct error *line_book_copy(const struct line_book *book, struct line_book *ret) MUST_CHECK;

/* Finds or adds. Returns an index into book->blocks. */
struct error *line_book_need_block(struct line_book *book, int32_t process, const char *name,
				   size_t *ret) MUST_CHECK;

/* The text of a line, or another one; and what was put, of line 0 that of any. NULL: nothing. */
struct error *line_book_put_text(struct line_book *book, int32_t source, uint32_t line,
				 const char *text) MUST_CHECK;
const char *line_book_text(const struct line_book *book, int32_t source, uint32_t line);

/* Adds a line, or replaces what was known of it. */
struct error *line_block_put(struct line_block *block,
			     const struct line_figures *figures) MUST_CHECK;

#endif
