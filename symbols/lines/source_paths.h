/*
 * Paths of source files, each once, in one text that can be sent from one process to another (symbols layer).
 */
#ifndef SYMBOLS_LINES_SOURCE_PATHS_H
#define SYMBOLS_LINES_SOURCE_PATHS_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"

/* Zeroed it is empty. */
struct source_paths {
	/* Where paths begin that say no more: of the unit that they are from now. Borrowed; NULL: not known. */
	const char *base;
	char *text; /* each with its '\0' */
	size_t bytes, capacity;
	struct addr_map places;	 /* a path's own address -> its place in the text, + 1 */
	struct addr_map of_hash; /* hash of a path -> the place of the last such, + 1 */
};

/* Where @path, which stays where it is, begins in the text. One whose hash is another's may be there twice. */
struct error *source_paths_need(struct source_paths *paths, const char *path,
				uint32_t *ret) MUST_CHECK;

/* Adds @bytes of another text, with a '\0' behind it. */
struct error *source_paths_add(struct source_paths *paths, const char *text, size_t bytes,
			       uint32_t *ret) MUST_CHECK;

/* Gives away the text (free), and releases the rest. */
char *source_paths_finish(struct source_paths *paths, size_t *ret_bytes);

#endif
