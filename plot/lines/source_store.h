/*
 * The text of source files, as far as it can be had (plot layer).
 *
 * A profile names its source files, and may name any. Only what is a regular file of a size that people write is
 * read, at once and whole: no FIFO, no device, nothing of /proc. What it holds is cleaned before it is shown.
 */
#ifndef PLOT_LINES_SOURCE_STORE_H
#define PLOT_LINES_SOURCE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/error.h"

struct source_store;

/* A source file. */
struct source_text {
	const char *why;     /* it cannot be had: "no such file", ...; NULL: it is here */
	const char *path;    /* where it was found, if it was */
	int64_t modified_ns; /* when it was changed last, since the epoch */
	uint32_t line_count;
};

/*
 * Looks for a file first in each of the @count directories @dirs, which are borrowed: by all of its path, then by
 * ever shorter ends of it, then where its path says.
 */
struct error *source_store_create(const char *const *dirs, size_t count,
				  struct source_store **ret) MUST_CHECK;
void source_store_destroy(struct source_store *store);

/* The file that a profile calls @path. *@ret is valid until the next call. Fails without memory alone. */
struct error *source_store_get(struct source_store *store, const char *path,
			       const struct source_text **ret) MUST_CHECK;

/*
 * A copy of line @line of it, from 1 to its line_count, without its end: tabs stay, other controls and what is no
 * UTF-8 do not, and what is longer than anybody reads is cut. Owned (free); NULL without memory.
 */
char *source_text_line(const struct source_text *text, uint32_t line);

#endif
