/* Text that others chose, in a record; see record_text.h. Record layer. */
#include "tracer/record/record_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many bytes of valid UTF-8 form the next character of @text; 0: it is not valid. */
static size_t utf8_length(const char *text)
{
	const unsigned char *u = (const unsigned char *)text;
	size_t length = u[0] < 0x80 ? 1 : u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 : 2;

	if (u[0] >= 0x80 && (u[0] < 0xc2 || u[0] > 0xf4))
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
	}
	bool is_overlong = (u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xf0 && u[1] < 0x90);
	bool is_surrogate = u[0] == 0xed && u[1] >= 0xa0;
	bool is_too_large = u[0] == 0xf4 && u[1] >= 0x90;
	return is_overlong || is_surrogate || is_too_large ? 0 : length;
}

void record_text_write(struct line_writer *out, const char *text, const char *space)
{
	for (size_t length; *text != '\0'; text += length > 0 ? length : 1) {
		char piece[5] = { 0 };
		length = utf8_length(text);
		memcpy(piece, text, length);
		if (length == 0)
			line_writer_word(out, "\xef\xbf\xbd");
		else
			line_writer_word(out, (unsigned char)*text <= ' ' ? space : piece);
	}
}

static bool has_control_character(const char *word)
{
	for (; *word != '\0'; word++) {
		if ((unsigned char)*word < ' ' || *word == 0x7f)
			return true;
	}
	return false;
}

/* Between quotes; with @is_ansi_c as in bash's $'…', which can say a newline without being one. */
static void write_quoted_text(struct line_writer *out, const char *word, bool is_ansi_c)
{
	while (*word != '\0') {
		char *plain = strndup(word, strcspn(word, "\\'\t\n\v\f\r\a\b\033\x7f"));
		char escaped[8] = { 0 };
		if (plain == NULL)
			return;
		record_text_write(out, plain, " ");
		word += strlen(plain);
		free(plain);
		if (*word == '\0')
			return;
		if (is_ansi_c)
			snprintf(escaped, sizeof(escaped), "\\%03o", (unsigned char)*word);
		else
			strcpy(escaped, *word == '\'' ? "'\\''" : "\\");
		line_writer_word(out, escaped);
		word++;
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
