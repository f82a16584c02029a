/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Buffered lines of text on a file descriptor (record layer): numbers written from integers, and a
 * failure remembered.
 */
#ifndef RECORD_LINE_WRITER_H
#define RECORD_LINE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct line_writer {
	int fd;
	/* As write(2), in its place; init: NULL. */
	ssize_t (*write)(void *context, const char *bytes, size_t count);
	void *context;
	bool replaces; /* what the file holds goes when the first bytes come; init: false */
	bool is_pipe;  /* a reader that does not read must not keep us for ever; init: false */
	int errnum;    /* of the first write that failed; 0: none. Nothing is written after it */
	size_t used;   /* bytes in the buffer */
	size_t line_start; /* where the line being put together begins */
	char buffer[64 * 1024];
};

void line_writer_init(struct line_writer *writer, int fd); /* borrows the descriptor */

/* A word in front of a record, or a field with a space in front of it. */
void line_writer_word(struct line_writer *writer, const char *word);
void line_writer_field(struct line_writer *writer, const char *text);
void line_writer_number(struct line_writer *writer, int64_t number);
void line_writer_mib(struct line_writer *writer, int64_t bytes);       /* 6 decimals */
void line_writer_seconds(struct line_writer *writer, int64_t time_ns); /* 9 decimals */
void line_writer_end_line(struct line_writer *writer);

/*
 * Writes out all whole lines. With is_pipe, a pending SIGINT, SIGTERM or SIGQUIT (which the caller has
 * blocked) ends the wait for a reader, as a failure.
 */
void line_writer_flush(struct line_writer *writer);

#endif
