/* Strict checkers of texts; see sound.h. */
#include "tests/fuzz/sound.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MOST = 4096, NAME_BYTES = 64 };

struct text {
	const char *at, *end;
	const char *why;
};

static bool fail(struct text *t, const char *why)
{
	if (t->why == NULL)
		t->why = why;
	return false;
}

static bool take(struct text *t, const char *what)
{
	const size_t bytes = strlen(what);

	if ((size_t)(t->end - t->at) < bytes || memcmp(t->at, what, bytes) != 0)
		return false;
	t->at += bytes;
	return true;
}

static int peek(const struct text *t)
{
	return t->at < t->end ? (unsigned char)*t->at : -1;
}

const char *sound_utf8(const char *text, size_t bytes)
{
	const unsigned char *at = (const unsigned char *)text, *end = at + bytes;

	while (at < end) {
		const unsigned char first = *at++;
		size_t more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
		uint32_t code = more == 0 ? first : first & (0x3fu >> more);
		static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
		if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || (size_t)(end - at) < more)
			return "a byte that is no UTF-8";
		for (size_t i = 0; i < more; i++, at++) {
			if ((*at & 0xc0) != 0x80)
				return "a sequence of UTF-8 that is cut";
			code = code << 6 | (*at & 0x3f);
		}
		if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
			return "a code that UTF-8 has not, or not so";
	}
	return NULL;
}

/* ---- JSON ---- */

static void skip_blanks(struct text *t)
{
	while (t->at < t->end && strchr(" \t\r\n", *t->at) != NULL && *t->at != '\0')
		t->at++;
}

static bool is_hex(int byte)
{
	return byte >= 0 && byte != 0 && strchr("0123456789abcdefABCDEF", byte) != NULL;
}

static bool take_escape(struct text *t)
{
	const int what = peek(t);

	t->at++;
	if (what == 'u') {
		for (int i = 0; i < 4; i++, t->at++)
			if (!is_hex(peek(t)))
				return fail(t, "\\u without four digits");
		return true;
	}
	return (what > 0 && strchr("\"\\/bfnrt", what) != NULL) || fail(t, "an unknown escape");
}

static bool take_string(struct text *t)
{
	if (!take(t, "\""))
		return fail(t, "no string where one is wanted");
	while (peek(t) != '"') {
		if (peek(t) < 0x20)
			return fail(t, "a control character, or the end, in a string");
		if (take(t, "\\")) {
			if (!take_escape(t))
				return false;
		} else {
			t->at++;
		}
	}
	t->at++;
	return true;
}

static size_t take_digits(struct text *t)
{
	const char *from = t->at;

	while (peek(t) >= '0' && peek(t) <= '9')
		t->at++;
	return (size_t)(t->at - from);
}

static bool take_number(struct text *t)
{
	take(t, "-");
	if (!take(t, "0") && take_digits(t) == 0)
		return fail(t, "no value where one is wanted");
	if (take(t, ".") && take_digits(t) == 0)
		return fail(t, "a point without digits behind it");
	if (take(t, "e") || take(t, "E")) {
		if (!take(t, "+"))
			take(t, "-");
		if (take_digits(t) == 0)
			return fail(t, "an exponent without digits");
	}
	return true;
}

static bool take_key(struct text *t)
{
	skip_blanks(t);
	if (!take_string(t))
		return false;
	skip_blanks(t);
	return take(t, ":") || fail(t, "no colon behind a key");
}

/* Values and what is around them; brackets are on a stack of our own. */
static bool take_json(struct text *t)
{
	char stack[DEPTH_MOST];
	size_t depth = 0;

	for (;;) {
		skip_blanks(t);
		const int first = peek(t);
		bool is_empty = false;
		if (first == '{' || first == '[') {
			if (depth == DEPTH_MOST)
				return fail(t, "nested too deeply");
			t->at++;
			stack[depth++] = first == '{' ? '}' : ']';
			skip_blanks(t);
			is_empty = peek(t) == stack[depth - 1];
			if (!is_empty && first == '{' && !take_key(t))
				return false;
			if (!is_empty)
				continue;
		} else if (first == '"') {
			if (!take_string(t))
				return false;
		} else if (!take(t, "true") && !take(t, "false") && !take(t, "null") &&
			   !take_number(t)) {
			return false;
		}
		for (skip_blanks(t); depth > 0 && peek(t) == stack[depth - 1]; skip_blanks(t)) {
			t->at++;
			depth--;
		}
		if (depth == 0)
			return t->at == t->end || fail(t, "something behind the value");
		if (!take(t, ","))
			return fail(t, "no comma between values");
		if (stack[depth - 1] == '}' && !take_key(t))
			return false;
	}
}

const char *sound_json(const char *text, size_t bytes)
{
	struct text t = { text, text + bytes, sound_utf8(text, bytes) };

	if (t.why == NULL)
		take_json(&t);
	return t.why;
}

/* ---- XML ---- */

static size_t take_name(struct text *t)
{
	const char *from = t->at;

	while (peek(t) > ' ' && strchr("/>=<&\"'", peek(t)) == NULL)
		t->at++;
	return (size_t)(t->at - from);
}

static bool take_reference(struct text *t)
{
	static const char *const names[] = { "&lt;", "&gt;", "&amp;", "&quot;", "&apos;" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (take(t, names[i]))
			return true;
	const bool is_hexadecimal = take(t, "&#x");
	if (!is_hexadecimal && !take(t, "&#"))
		return fail(t, "an & that begins nothing");
	unsigned long code = 0;
	size_t digits = 0;
	for (; is_hexadecimal ? is_hex(peek(t)) : peek(t) >= '0' && peek(t) <= '9';
	     digits++, t->at++)
		code = code * (is_hexadecimal ? 16 : 10) +
		       (unsigned long)(peek(t) <= '9' ? peek(t) - '0' : (peek(t) | 32) - 'a' + 10);
	if (digits == 0 || digits > 8 || !take(t, ";"))
		return fail(t, "a reference that is none");
	return (code >= 0x20 && code <= 0x10ffff) || code == 9 || code == 10 || code == 13 ||
	       fail(t, "a reference to what XML does not have");
}

/* Text up to @stop; in an attribute, no <. */
static bool take_text(struct text *t, char stop)
{
	while (t->at < t->end && *t->at != stop) {
		const unsigned char byte = (unsigned char)*t->at;
		if (byte == '&') {
			if (!take_reference(t))
				return false;
		} else if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') ||
			   byte == '<' || take(t, "\xef\xbf\xbe") || take(t, "\xef\xbf\xbf")) {
			return fail(t, "a character that XML does not have there");
		} else {
			t->at++;
		}
	}
	return true;
}

/* Behind <NAME; *@ret_closed: it ended with />. */
static bool take_attributes(struct text *t, bool *ret_closed)
{
	for (;;) {
		skip_blanks(t);
		*ret_closed = take(t, "/>");
		if (*ret_closed || take(t, ">"))
			return true;
		if (take_name(t) == 0 || !take(t, "=\"") || !take_text(t, '"') || !take(t, "\""))
			return fail(t, "an attribute that is none");
	}
}

static bool take_elements(struct text *t)
{
	static struct {
		const char *name;
		size_t bytes;
	} open[DEPTH_MOST];
	size_t depth = 0, count = 0;

	while (t->at < t->end) {
		if (!take_text(t, '<') || t->at == t->end)
			break;
		bool is_closed = true;
		if (take(t, "</")) {
			const char *name = t->at;
			const size_t bytes = take_name(t);
			if (depth == 0 || bytes != open[depth - 1].bytes ||
			    memcmp(name, open[depth - 1].name, bytes) != 0 || !take(t, ">"))
				return fail(t, "an end of what was not begun");
			depth--;
			continue;
		}
		t->at++;
		if (depth == DEPTH_MOST || (depth == 0 && count > 0))
			return fail(t, "more than one root");
		open[depth].name = t->at;
		open[depth].bytes = take_name(t);
		if (open[depth].bytes == 0 || !take_attributes(t, &is_closed))
			return fail(t, "an element that is none");
		count++;
		depth += !is_closed;
	}
	return (depth == 0 && count > 0) || fail(t, "elements that do not end");
}

const char *sound_xml(const char *text, size_t bytes)
{
	struct text t = { text, text + bytes, sound_utf8(text, bytes) };

	if (t.why != NULL)
		return t.why;
	if (take(&t, "<?xml ")) {
		const char *end = strstr(t.at, "?>");
		if (end == NULL || end >= t.end)
			return "a declaration without an end";
		t.at = end + 2;
	}
	take_elements(&t);
	return t.why;
}

/* ---- CSV and folded stacks ---- */

static bool take_field(struct text *t)
{
	if (!take(t, "\"")) {
		while (peek(t) >= 0 && strchr(",\r\n", peek(t)) == NULL) {
			if (peek(t) == '"' || peek(t) == '\0')
				return fail(t, "a quote in a field without quotes");
			t->at++;
		}
		return true;
	}
	for (;;) {
		if (peek(t) < 0)
			return fail(t, "a field without an end");
		if (!take(t, "\"")) {
			t->at++;
			continue;
		}
		if (!take(t, "\""))
			return true;
	}
}

const char *sound_csv(const char *text, size_t bytes)
{
	struct text t = { text, text + bytes, sound_utf8(text, bytes) };
	size_t columns = 0;

	while (t.why == NULL && t.at < t.end) {
		size_t fields = 0;
		do {
			fields++;
			if (!take_field(&t))
				return t.why;
		} while (take(&t, ","));
		if (!take(&t, "\r\n") && !take(&t, "\n"))
			return "a row without an end";
		if (columns == 0)
			columns = fields;
		if (fields != columns)
			return "rows of different lengths";
	}
	return t.why;
}

const char *sound_folded(const char *text, size_t bytes)
{
	const char *end = text + bytes, *why = sound_utf8(text, bytes);

	while (why == NULL && text < end) {
		const char *line_end = memchr(text, '\n', (size_t)(end - text));
		if (line_end == NULL)
			return "a line without an end";
		const char *digits = line_end;
		while (digits > text && digits[-1] >= '0' && digits[-1] <= '9')
			digits--;
		if (digits == line_end || digits - text < 2 || digits[-1] != ' ')
			return "a line without a number";
		for (; text < line_end; text++)
			if ((unsigned char)*text < 0x20)
				return "a control character";
		text = line_end + 1;
	}
	return why;
}

void sound_require(const char *why, const char *text, size_t bytes)
{
	if (why == NULL)
		return;
	fprintf(stderr, "unsound: %s, in:\n%.*s\n", why, (int)(bytes < 8000 ? bytes : 8000), text);
	abort();
}

void sound_test(void)
{
	static const struct {
		const char *(*check)(const char *text, size_t bytes);
		const char *good, *bad;
	} tests[] = {
		{ sound_utf8, "a\xc3\xa4\xf0\x9f\x98\x80", "\xc0\x80" },
		{ sound_utf8, "\xed\x9f\xbf", "\xed\xa0\x80" },
		{ sound_json, "{\"a\":[1,-2.5e3,{},[],null],\"b\":\"\\u00e4\\n\"}", "{\"a\":nan}" },
		{ sound_json, "[]", "[1,]" },
		{ sound_json, " 0 ", "00" },
		{ sound_json, "\"a\"", "\"a\nb\"" },
		{ sound_json, "{\"a\":1}", "{\"a\":1}}" },
		{ sound_xml, "<?xml version=\"1.0\"?><a b=\"&lt;&#9;\"><c/>x</a>\n",
		  "<a><b></a></b>" },
		{ sound_xml, "<a/>", "<a b=\"<\"/>" },
		{ sound_xml, "<a>&amp;</a>", "<a>&nbsp;</a>" },
		{ sound_xml, "<a>]</a>", "<a>\x01</a>" },
		{ sound_csv, "a,b\n\"x\ny\",\"\"\"\"\n", "a,b\nx\n" },
		{ sound_csv, "a\n", "a\"b\n" },
		{ sound_folded, "a;b c 12\n", "a;b -1\n" },
		{ sound_folded, "", "a;\tb 12\n" },
	};

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		if (tests[i].check(tests[i].good, strlen(tests[i].good)) != NULL ||
		    tests[i].check(tests[i].bad, strlen(tests[i].bad)) == NULL) {
			fprintf(stderr, "checker %zu is wrong\n", i);
			abort();
		}
}
