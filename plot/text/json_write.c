/* JSON, written as it comes; see json_write.h. Plot layer. */
#include "plot/text/json_write.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "plot/text/number_text.h"
#include "plot/text/stream_check.h"
#include "tracer/base/utf8.h"

void json_init(struct json_writer *json, FILE *out, unsigned indented_depth)
{
	*json = (struct json_writer){ .out = out, .indented_depth = indented_depth };
}

static void begin_line(struct json_writer *json, unsigned depth)
{
	putc('\n', json->out);
	for (unsigned i = 0; i < depth; i++)
		putc('\t', json->out);
}

/* Bytes that need no thought are written together: nearly all texts are of one run. */
static bool is_plain(char c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '<';
}

static void put_escaped(FILE *out, const char *text, size_t length, uint32_t c, char following)
{
	static const char letters[] = "\b\t\n\f\r", names[] = "btnfr";
	const char *letter = c > 0 && c < 0x20 ? strchr(letters, (int)c) : NULL;
	bool is_markup = c == '<' && (following == '/' || following == '!');

	if (c == '"' || c == '\\')
		fprintf(out, "\\%c", (int)c);
	else if (letter != NULL)
		fprintf(out, "\\%c", names[letter - letters]);
	else if (is_markup || character_is_control(c))
		fprintf(out, "\\u%04x", (unsigned)c);
	else
		fwrite(text, 1, length, out);
}

static void put_text(FILE *out, const char *text)
{
	size_t bytes = strlen(text);

	putc('"', out);
	for (size_t at = 0; at < bytes;) {
		size_t plain = at;
		while (plain < bytes && is_plain(text[plain]))
			plain++;
		fwrite(text + at, 1, plain - at, out);
		at = plain;
		if (at == bytes)
			break;
		uint32_t c;
		size_t length = utf8_decode(text + at, bytes - at, &c);
		if (length == 0)
			fputs("\xef\xbf\xbd", out);
		else
			put_escaped(out, text + at, length, c, text[at + length]);
		at += length == 0 ? 1 : length;
	}
	putc('"', out);
}

/* What stands in front of a value: a comma, its line, its name. */
static void begin_value(struct json_writer *json, const char *key)
{
	if (json->depth == 0)
		return;
	unsigned level = json->depth - 1;
	assert((key == NULL) == json->is_array[level]);
	if (json->has_item[level])
		putc(',', json->out);
	if (json->depth <= json->indented_depth)
		begin_line(json, json->depth);
	else if (json->has_item[level])
		putc(' ', json->out);
	json->has_item[level] = true;
	if (key != NULL) {
		put_text(json->out, key);
		fputs(": ", json->out);
	}
}

static void open_nested(struct json_writer *json, const char *key, bool is_array)
{
	begin_value(json, key);
	assert(json->depth < JSON_DEPTH_MOST);
	json->is_array[json->depth] = is_array;
	json->has_item[json->depth] = false;
	json->depth++;
	putc(is_array ? '[' : '{', json->out);
}

void json_open_object(struct json_writer *json, const char *key)
{
	open_nested(json, key, false);
}

void json_open_array(struct json_writer *json, const char *key)
{
	open_nested(json, key, true);
}

void json_close(struct json_writer *json)
{
	assert(json->depth > 0);
	json->depth--;
	if (json->has_item[json->depth] && json->depth < json->indented_depth)
		begin_line(json, json->depth);
	putc(json->is_array[json->depth] ? ']' : '}', json->out);
}

void json_put_string(struct json_writer *json, const char *key, const char *text)
{
	if (text == NULL) {
		json_put_null(json, key);
		return;
	}
	begin_value(json, key);
	put_text(json->out, text);
}

void json_put_integer(struct json_writer *json, const char *key, int64_t value)
{
	begin_value(json, key);
	fprintf(json->out, "%" PRId64, value);
}

void json_put_count(struct json_writer *json, const char *key, uint64_t value)
{
	begin_value(json, key);
	fprintf(json->out, "%" PRIu64, value);
}

void json_put_number(struct json_writer *json, const char *key, double value)
{
	char text[NUMBER_TEXT_BYTES];

	if (!isfinite(value)) {
		json_put_null(json, key);
		return;
	}
	number_text_double(text, value);
	begin_value(json, key);
	fputs(text, json->out);
}

void json_put_seconds(struct json_writer *json, const char *key, int64_t ns)
{
	char text[NUMBER_TEXT_BYTES];

	number_text_seconds(text, ns);
	begin_value(json, key);
	fputs(text, json->out);
}

void json_put_bool(struct json_writer *json, const char *key, bool value)
{
	begin_value(json, key);
	fputs(value ? "true" : "false", json->out);
}

void json_put_null(struct json_writer *json, const char *key)
{
	begin_value(json, key);
	fputs("null", json->out);
}

void json_begin_row(struct json_writer *json)
{
	unsigned level = json->depth - 1;

	if (json->has_item[level])
		putc_unlocked(',', json->out);
	putc_unlocked('\n', json->out);
	json->has_item[level] = true;
}

struct error *json_finish(struct json_writer *json, const char *name)
{
	assert(json->depth == 0);
	putc('\n', json->out);
	return stream_check(json->out, name);
}
