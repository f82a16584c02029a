/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text that others chose, in a record; see record_text.h. Record layer. */
#include "tracer/record/record_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/utf8.h"

void record_text_write(struct line_writer *out, const char *text, const char *space)
{
	static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */
	size_t bytes = strlen(text);

	while (bytes > 0) {
		char piece[5] = { 0 };
		uint32_t c;
		size_t length = utf8_decode(text, bytes, &c);
		memcpy(piece, text, length);
		if (length > 0 && c <= ' ')
			line_writer_word(out, space);
		else
			line_writer_word(out, length == 0 || character_is_control(c) ? replacement
										     : piece);
		text += length > 0 ? length : 1;
		bytes -= length > 0 ? length : 1;
	}
}

/* The bytes of the control character that @text begins with; 0: it begins with none. */
static size_t control_bytes(const char *text)
{
	uint32_t c;
	size_t length = utf8_decode(text, strnlen(text, UTF8_MAX_BYTES), &c);

	return length > 0 && character_is_control(c) ? length : 0;
}

static bool has_control_character(const char *word)
{
	for (; *word != '\0'; word++) {
		if (control_bytes(word) > 0)
			return true;
	}
	return false;
}

/* How many bytes of @word need no escape. */
static size_t plain_bytes(const char *word)
{
	size_t bytes = 0;

	while (word[bytes] != '\0' && word[bytes] != '\\' && word[bytes] != '\'' &&
	       control_bytes(word + bytes) == 0)
		bytes++;
	return bytes;
}

/* One character: by octal numbers that bash reads in any locale, or as a shell without $'…' needs it. */
static size_t write_escaped(struct line_writer *out, const char *word, bool is_ansi_c)
{
	size_t bytes = control_bytes(word);

	if (bytes == 0)
		bytes = 1; /* a quote or a backslash */
	if (!is_ansi_c)
		line_writer_word(out, *word == '\'' ? "'\\''" : "\\");
	for (size_t i = 0; is_ansi_c && i < bytes; i++) {
		char escaped[8];
		snprintf(escaped, sizeof(escaped), "\\%03o", (unsigned char)word[i]);
		line_writer_word(out, escaped);
	}
	return bytes;
}

/* Between quotes; with @is_ansi_c as in bash's $'…', which can say a newline without being one. */
static void write_quoted_text(struct line_writer *out, const char *word, bool is_ansi_c)
{
	while (*word != '\0') {
		size_t bytes = plain_bytes(word);
		char *plain = strndup(word, bytes);
		if (plain == NULL)
			return;
		record_text_write(out, plain, " ");
		free(plain);
		word += bytes;
		if (*word != '\0')
			word += write_escaped(out, word, is_ansi_c);
	}
}

void record_text_quoted(struct line_writer *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_-+=./:,@%^";
	bool is_ansi_c = has_control_character(word);

	if (*word != '\0' && word[strspn(word, plain)] == '\0') {
		line_writer_field(out, word);
		return;
	}
	line_writer_field(out, is_ansi_c ? "$'" : "'");
	write_quoted_text(out, word, is_ansi_c);
	line_writer_word(out, "'");
}

void record_text_rest(struct line_writer *out, const char *text)
{
	line_writer_word(out, " ");
	record_text_write(out, text, " ");
}
