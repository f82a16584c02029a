/*
 * JSON (RFC 8259), written as it comes (plot layer).
 *
 * Whatever a text holds, what is written is valid, shows nothing strange on a terminal and ends no
 * <script> around it: bytes that are no UTF-8 become U+FFFD; controls, marks of direction and the '<' of
 * "</" and "<!" are escaped. No function fails: json_finish tells whether all has gone out.
 */
#ifndef PLOT_TEXT_JSON_WRITE_H
#define PLOT_TEXT_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tracer/base/error.h"

enum { JSON_DEPTH_MOST = 32 };

struct json_writer {
	FILE *out; /* borrowed */
	unsigned
		indented_depth; /* what is nested no deeper begins a line of its own; 0: one line in all */
	unsigned depth;
	bool is_array[JSON_DEPTH_MOST], has_item[JSON_DEPTH_MOST]; /* of what is open */
};

/* @indented_depth: as in struct json_writer. */
void json_init(struct json_writer *json, FILE *out, unsigned indented_depth);

/* @key is NULL within an array and for the whole; else the member's name. */
void json_open_object(struct json_writer *json, const char *key);
void json_open_array(struct json_writer *json, const char *key);
void json_close(struct json_writer *json); /* what was opened last */

void json_put_string(struct json_writer *json, const char *key, const char *text); /* NULL: null */
void json_put_integer(struct json_writer *json, const char *key, int64_t value);
void json_put_count(struct json_writer *json, const char *key, uint64_t value);
/* As few digits as give it again; null where it is no number. */
void json_put_number(struct json_writer *json, const char *key, double value);
/* Nanoseconds as seconds, with all digits that they have. */
void json_put_seconds(struct json_writer *json, const char *key, int64_t ns);
void json_put_bool(struct json_writer *json, const char *key, bool value);
void json_put_null(struct json_writer *json, const char *key);

/*
 * The next item of an array, on a line of its own. The caller writes it to json->out, and makes it JSON: for
 * long lists of items that are all alike.
 */
void json_begin_row(struct json_writer *json);

/* All is closed: ends the line, and fails if anything could not be written. @name says where to. */
struct error *json_finish(struct json_writer *json, const char *name) MUST_CHECK;

#endif
