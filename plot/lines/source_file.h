/*
 * One source file in memory (plot layer, for source_store).
 */
#ifndef PLOT_LINES_SOURCE_FILE_H
#define PLOT_LINES_SOURCE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/error.h"

struct source_file {
	char *bytes;
	size_t byte_count;
	uint32_t *
		ends; /* of each line: where its '\n' is, or would be. The file has no more than 2^26 bytes */
	uint32_t line_count;
	int64_t modified_ns;
};

/*
 * Reads the regular file at @path. *@ret_why: it was not, since "no such file", ... ; NULL: it was, and @ret is to be
 * released. Fails without memory alone.
 */
struct error *source_file_read(const char *path, const char **ret_why,
			       struct source_file *ret) MUST_CHECK;
void source_file_deinit(struct source_file *file);

/* A line, from 1 to line_count, without its end, as it is in the file. */
const char *source_file_line(const struct source_file *file, uint32_t line, size_t *ret_bytes);

#endif
