/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Buffered lines of text; see line_writer.h. Record layer. */
#include "tracer/record/line_writer.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

void line_writer_init(struct line_writer *writer, int fd)
{
	writer->fd = fd;
	writer->write = NULL;
	writer->context = NULL;
	writer->replaces = false;
	writer->is_pipe = false;
	writer->errnum = 0;
	writer->used = 0;
	writer->line_start = 0;
}

static bool is_told_to_end(void)
{
	sigset_t pending;

	sigpending(&pending);
	return sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM) ||
	       sigismember(&pending, SIGQUIT);
}

/* A pipe that is ready takes PIPE_BUF bytes at once: pipe(7). */
static ssize_t write_to_pipe(int fd, const char *bytes, size_t count)
{
	enum { PATIENCE_MS = 100 };
	struct pollfd pipe = { .fd = fd, .events = POLLOUT };

	int ready;

	while ((ready = poll(&pipe, 1, PATIENCE_MS)) == 0 || (ready < 0 && errno == EINTR)) {
		if (is_told_to_end()) {
			errno = ECANCELED;
			return -1;
		}
	}
	return write(fd, bytes, count < PIPE_BUF ? count : PIPE_BUF);
}

static ssize_t write_some(const struct line_writer *writer, const char *bytes, size_t count)
{
	if (writer->write != NULL)
		return writer->write(writer->context, bytes, count);
	return writer->is_pipe ? write_to_pipe(writer->fd, bytes, count)
			       : write(writer->fd, bytes, count);
}

static void line_writer_write(struct line_writer *writer, size_t bytes)
{
	size_t done = 0;

	if (writer->replaces && bytes > 0) {
		writer->replaces = false;
		if (ftruncate(writer->fd, 0) < 0)
			writer->errnum = errno;
	}
	while (done < bytes && writer->errnum == 0) {
		const char *rest = writer->buffer + done;
		ssize_t put = write_some(writer, rest, bytes - done);
		if (put >= 0)
			done += (size_t)put;
		else if (errno != EINTR)
			writer->errnum = errno;
	}
	memmove(writer->buffer, writer->buffer + bytes, writer->used - bytes);
	writer->used -= bytes;
	writer->line_start -= bytes < writer->line_start ? bytes : writer->line_start;
}

void line_writer_flush(struct line_writer *writer)
{
	line_writer_write(writer, writer->line_start);
}

static void line_writer_put(struct line_writer *writer, const char *bytes, size_t count)
{
	while (count > sizeof(writer->buffer) - writer->used) {
		/* Whole lines first; a line longer than the buffer goes out in pieces. */
		if (writer->line_start > 0) {
			line_writer_flush(writer);
			continue;
		}
		size_t room = sizeof(writer->buffer) - writer->used;
		memcpy(writer->buffer + writer->used, bytes, room);
		writer->used += room;
		bytes += room;
		count -= room;
		line_writer_write(writer, writer->used);
	}
	memcpy(writer->buffer + writer->used, bytes, count);
	writer->used += count;
}

void line_writer_word(struct line_writer *writer, const char *word)
{
	line_writer_put(writer, word, strlen(word));
}

void line_writer_field(struct line_writer *writer, const char *text)
{
	line_writer_put(writer, " ", 1);
	line_writer_put(writer, text, strlen(text));
}

/* " -WHOLE.FRACTION" with @digits digits behind the point; none: no point. */
static void line_writer_decimal(struct line_writer *writer, int is_negative, uint64_t whole,
				uint64_t fraction, int digits)
{
	char text[48];
	size_t at = sizeof(text);

	for (int i = 0; i < digits; i++, fraction /= 10)
		text[--at] = (char)('0' + fraction % 10);
	if (digits > 0)
		text[--at] = '.';
	do
		text[--at] = (char)('0' + whole % 10);
	while ((whole /= 10) > 0);
	if (is_negative)
		text[--at] = '-';
	text[--at] = ' ';
	line_writer_put(writer, text + at, sizeof(text) - at);
}

static uint64_t magnitude(int64_t number)
{
	return number < 0 ? -(uint64_t)number : (uint64_t)number;
}

void line_writer_number(struct line_writer *writer, int64_t number)
{
	line_writer_decimal(writer, number < 0, magnitude(number), 0, 0);
}

void line_writer_mib(struct line_writer *writer, int64_t bytes)
{
	const uint64_t mib = 1 << 20;
	uint64_t size = magnitude(bytes);
	line_writer_decimal(writer, bytes < 0, size / mib, size % mib * 1000000 / mib, 6);
}

void line_writer_seconds(struct line_writer *writer, int64_t time_ns)
{
	const uint64_t second = 1000000000;
	uint64_t time = magnitude(time_ns);
	line_writer_decimal(writer, time_ns < 0, time / second, time % second, 9);
}

void line_writer_end_line(struct line_writer *writer)
{
	line_writer_put(writer, "\n", 1);
	writer->line_start = writer->used;
}
