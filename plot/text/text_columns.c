/* Text in a terminal's columns; see text_columns.h. Plot layer. */
#include "plot/text/text_columns.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plot/text/text.h"
#include "tracer/base/utf8.h"

static const char ELLIPSIS[] = "\xe2\x80\xa6"; /* U+2026 */

struct character_range {
	uint32_t first, last;
};

static bool is_in(uint32_t c, const struct character_range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	}
	return false;
}

/* Unicode Standard Annex #11: wide and fullwidth, by blocks; marks and joiners have no width. */
static size_t character_columns(uint32_t c)
{
	static const struct character_range wide[] = {
		{ 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0xa4cf },
		{ 0xa960, 0xa97f },   { 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },
		{ 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },
		{ 0x1f300, 0x1f64f }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
	};
	static const struct character_range without[] = {
		{ 0x300, 0x36f },   { 0x483, 0x489 },	{ 0x591, 0x5bd },   { 0x610, 0x61a },
		{ 0x64b, 0x65f },   { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x200b, 0x200f },
		{ 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f },
	};

	if (c < 0x300)
		return 1;
	if (is_in(c, without, sizeof(without) / sizeof(without[0])))
		return 0;
	return is_in(c, wide, sizeof(wide) / sizeof(wide[0])) ? 2 : 1;
}

/* The bytes of the character that @text begins with; a byte that is none counts as one. */
static size_t read_character(const char *text, size_t bytes, size_t *ret_columns)
{
	uint32_t c = 0xfffd;
	size_t length = utf8_decode(text, bytes, &c);

	*ret_columns = character_columns(c);
	return length == 0 ? 1 : length;
}

size_t text_columns(const char *text)
{
	size_t bytes = strlen(text), columns = 0, width;

	for (size_t at = 0; at < bytes; columns += width)
		at += read_character(text + at, bytes - at, &width);
	return columns;
}

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The bytes at the start of @text that fill @columns at most. */
static size_t head_bytes(const char *text, size_t bytes, size_t columns)
{
	size_t at = 0, used = 0, width;

	while (at < bytes) {
		size_t length = read_character(text + at, bytes - at, &width);
		if (used + width > columns)
			break;
		used += width;
		at += length;
	}
	return at;
}

/* Where the last @columns of it begin. */
static size_t tail_start(const char *text, size_t bytes, size_t columns)
{
	size_t at = bytes, used = 0, width;

	while (at > 0) {
		size_t start = at - 1;
		while (start > 0 && at - start < UTF8_MAX_BYTES && is_continuation(text[start]))
			start--;
		read_character(text + start, at - start, &width);
		if (used + width > columns)
			break;
		used += width;
		at = start;
	}
	return at;
}

char *text_fit_columns(const char *text, size_t columns)
{
	size_t bytes = strlen(text);

	if (text_columns(text) <= columns)
		return strdup(text);
	if (columns == 0)
		return strdup("");
	size_t tail = tail_start(text, bytes, (columns - 1) / 2);
	size_t head = head_bytes(text, tail, columns - 1 - (columns - 1) / 2);
	/* It may be cut beside one that was there. */
	size_t mark = sizeof(ELLIPSIS) - 1;
	if (bytes - tail >= mark && memcmp(text + tail, ELLIPSIS, mark) == 0)
		tail += mark;
	if (head >= mark && memcmp(text + head - mark, ELLIPSIS, mark) == 0)
		head -= mark;
	char *fit = malloc(head + sizeof(ELLIPSIS) + bytes - tail);
	if (fit == NULL)
		return NULL;
	char *end = mempcpy(fit, text, head);
	end = mempcpy(end, ELLIPSIS, sizeof(ELLIPSIS) - 1);
	memcpy(end, text + tail, bytes - tail + 1);
	return fit;
}

char *text_fit_name(const char *name, size_t columns)
{
	if (text_columns(name) <= columns)
		return strdup(name);
	char *condensed = text_condense_name(name);
	if (condensed == NULL)
		return NULL;
	char *fit = text_fit_columns(condensed, columns);
	free(condensed);
	return fit;
}
