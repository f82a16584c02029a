/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text that others chose, in a record (record layer): names, commands, words of a command line.
 *
 * A record is one line of UTF-8; memory_profiler's mprof cannot read anything else.
 */
#ifndef RECORD_RECORD_TEXT_H
#define RECORD_RECORD_TEXT_H

#include "tracer/record/line_writer.h"

/*
 * What would break a line becomes @space, and so do spaces; other control characters (utf8.h), and what
 * is no UTF-8, become U+FFFD.
 */
void record_text_write(struct line_writer *out, const char *text, const char *space);

/* As a field: a word as a shell would need it. */
void record_text_quoted(struct line_writer *out, const char *word);

/* As the rest of a line. */
void record_text_rest(struct line_writer *out, const char *text);

#endif
