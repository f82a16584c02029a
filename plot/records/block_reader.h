/*
 * Reads a file in large blocks and hands its lines to profile_records (plot layer, private to the
 * readers of files). No line is longer than a block, so that no file can ask for unbounded memory.
 */
#ifndef PLOT_RECORDS_BLOCK_READER_H
#define PLOT_RECORDS_BLOCK_READER_H

#include <sys/types.h>

#include "plot/records/record_reader.h"

struct block_reader {
	int fd;
	char *block;
	size_t kept_bytes;  /* at the block's start: of a line that has no end yet */
	size_t line_number; /* of the last whole line, from 1 */
	uint64_t read_bytes;
	bool is_too_long; /* the line that has no end yet is being skipped */
};

/* *@ret_bytes: the file's size, -1 for a pipe. @ret is to be closed after success. */
struct error *block_reader_open(struct block_reader *ret, const char *path,
				off_t *ret_bytes) MUST_CHECK;
void block_reader_close(struct block_reader *lines);

/*
 * Reads once, at most a block, and its whole lines; *@ret_at_end: there was nothing. Counts damage.
 * ERR_FORMAT where it is sure that the file is something else.
 */
struct error *block_reader_step(struct block_reader *lines, struct record_reader *reader,
				bool *ret_at_end) MUST_CHECK;

/* Goes on at @offset of the file, with the first line that begins behind it. */
struct error *block_reader_skip(struct block_reader *lines, const char *path,
				off_t offset) MUST_CHECK;

/* A line without its end was cut: its last figure may lack digits. Counts it as damaged. */
void block_reader_finish(const struct block_reader *lines, struct profile *profile);

/* Whether the file changed a few samples' time ago, as one that is written does. */
bool block_reader_is_recent(const struct block_reader *lines, const struct profile *profile);

struct error *error_not_a_profile(const char *path) MUST_CHECK;

#endif
