/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* UTF-8 and control characters; see utf8.h. Base layer. */
#include "tracer/base/utf8.h"

#include <stdlib.h>
#include <string.h>

size_t utf8_decode(const char *text, size_t bytes, uint32_t *ret)
{
	const unsigned char *t = (const unsigned char *)text;
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (bytes == 0)
		return 0;
	if (t[0] < 0x80) {
		*ret = t[0];
		return 1;
	}
	size_t length = t[0] >= 0xf0 ? 4 : t[0] >= 0xe0 ? 3 : 2;
	if (t[0] < 0xc2 || t[0] > 0xf4 || length > bytes)
		return 0;
	uint32_t c = t[0] & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((t[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (t[i] & 0x3f);
	}
	if (c < smallest[length] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret = c;
	return length;
}

bool character_is_bidi(uint32_t character)
{
	return character == 0x061c || character == 0x200e || character == 0x200f ||
	       (character >= 0x202a && character <= 0x202e) ||
	       (character >= 0x2066 && character <= 0x2069);
}

bool character_is_control(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0) || character == 0x2028 ||
	       character == 0x2029 || character_is_bidi(character);
}

bool text_is_plain(const char *text)
{
	while (*text >= ' ' && *text <= '~')
		text++;
	return *text == '\0';
}

void text_sanitize(char *text)
{
	size_t at = 0, bytes = strlen(text);

	while (text[at] >= 0x20 && text[at] < 0x7F) /* nearly all there is */
		at++;
	size_t out = at;
	while (at < bytes) {
		uint32_t c;
		size_t length = utf8_decode(text + at, bytes - at, &c);
		bool is_plain = length > 0 && !character_is_control(c);
		if (is_plain)
			memmove(text + out, text + at, length);
		else
			text[out] = '?';
		out += is_plain ? length : 1;
		at += length > 0 ? length : 1;
	}
	text[out] = '\0';
}

char *text_printable(const char *text, bool keeps_lists)
{
	enum { ESCAPED_MAX_BYTES = 4 }; /* for each byte of the text */
	size_t bytes = strlen(text);
	char *printable = malloc(ESCAPED_MAX_BYTES * bytes + 1), *out = printable;

	if (printable == NULL)
		return NULL;
	for (size_t at = 0; at < bytes;) {
		uint32_t c;
		size_t length = utf8_decode(text + at, bytes - at, &c);
		bool is_list = keeps_lists && text[at] == '\n' && text[at + 1] == ' ';
		if (length > 0 && (is_list || !character_is_control(c)))
			out = mempcpy(out, text + at, length);
		else if (length > 1)
			out += sprintf(out, "\\u%04x", (unsigned)c);
		else
			out += sprintf(out, "\\%03o", (unsigned char)text[at]);
		at += length > 0 ? length : 1;
	}
	*out = '\0';
	return printable;
}

void text_put_printable(FILE *out, const char *text)
{
	char *printable = text_printable(text, false);

	fputs(printable != NULL ? printable : "?", out);
	free(printable);
}
