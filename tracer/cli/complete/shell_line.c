/* The command line that is to be completed; see shell_line.h. Cli layer. */
#include "tracer/cli/complete/shell_line.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

enum { LINE_BYTES_MAX = 1 << 20 }; /* more is not typed */

/* Taking a line apart. */
struct line_scan {
	const char *text, *breaks;
	size_t at, point, end;
	char *word; /* without quotes, as far as it has come */
	size_t word_bytes;
	bool is_in_word;
	bool has_closed_quote; /* in this word, before the cursor */
	bool is_at_cursor;     /* the cursor is in this word */
	size_t break_bytes;    /* of this word, up to and with its last break before the cursor */
	char quote;	       /* at the cursor, if that is in this word */
	size_t capacity;
};

bool shell_line_of_words(struct shell_line *ret, char **words, size_t count, size_t current)
{
	*ret = (struct shell_line){ .words = words, .count = count, .current = current };
	return current < count && current > 0;
}

static struct error *add_word(struct shell_line *line, struct line_scan *scan)
{
	struct error *err =
		array_reserve(&line->owned, &scan->capacity, line->count + 1, sizeof(*line->owned));
	if (err != NULL)
		return err;
	char *word = strndup(scan->word, scan->word_bytes);
	if (word == NULL)
		return error_no_memory();
	line->words = line->owned;
	line->owned[line->count++] = word;
	scan->word_bytes = 0;
	scan->is_in_word = false;
	return NULL;
}

static void put_byte(struct line_scan *scan, char byte)
{
	scan->word[scan->word_bytes++] = byte;
	scan->is_in_word = true;
}

/* Within quotes, up to and with the one that ends them, or to the cursor. */
static void scan_quoted(struct line_scan *scan, char quote)
{
	scan->is_in_word = true;
	for (scan->at++; scan->at < scan->end && scan->text[scan->at] != quote; scan->at++) {
		bool is_escape = quote == '"' && scan->text[scan->at] == '\\' &&
				 scan->at + 1 < scan->end &&
				 strchr("\\\"$`", scan->text[scan->at + 1]) != NULL;
		scan->at += is_escape;
		put_byte(scan, scan->text[scan->at]);
	}
	if (scan->at < scan->end) {
		scan->at++;
		scan->has_closed_quote = true;
	} else {
		scan->quote = quote;
	}
}

/* A word, or a part of one, up to a blank, an operator or the cursor. */
static void scan_word(struct line_scan *scan)
{
	while (scan->at < scan->end && strchr(" \t\n;|&", scan->text[scan->at]) == NULL) {
		char byte = scan->text[scan->at];
		if (byte == '\'' || byte == '"') {
			size_t before = scan->word_bytes;
			scan_quoted(scan, byte);
			if (scan->quote != 0)
				scan->break_bytes =
					before; /* an open quote begins what is replaced */
			continue;
		}
		if (byte == '\\' && scan->at + 1 < scan->end)
			byte = scan->text[++scan->at];
		else if (strchr(scan->breaks, byte) != NULL)
			scan->break_bytes = scan->word_bytes + 1;
		put_byte(scan, byte);
		scan->at++;
	}
}

/* The word of the cursor, which is as long as the text before it. */
static struct error *end_at_cursor(struct shell_line *line, struct line_scan *scan)
{
	line->current = line->count;
	line->quote = scan->quote;
	line->break_bytes = scan->is_in_word ? scan->break_bytes : 0;
	bool is_lost = scan->is_in_word && scan->has_closed_quote;
	struct error *err = add_word(line, scan);
	if (is_lost)
		line->current = 0;
	return err;
}

/* The words from here to the end of the command or of the text. */
static struct error *scan_words(struct shell_line *line, struct line_scan *scan)
{
	while (scan->at < scan->end) {
		if (strchr(" \t\n", scan->text[scan->at]) != NULL) {
			scan->at++;
			continue;
		}
		if (strchr(";|&", scan->text[scan->at]) != NULL) {
			scan->end = scan->at;
			break;
		}
		scan->has_closed_quote = false;
		scan->break_bytes = 0;
		scan_word(scan);
		if (scan->at >= scan->end && scan->end == scan->point)
			return NULL; /* the cursor is in this word, or behind it */
		struct error *err = add_word(line, scan);
		if (err != NULL)
			return err;
	}
	return NULL;
}

struct error *shell_line_of_text(struct shell_line *ret, const char *text, size_t point,
				 const char *breaks)
{
	size_t bytes = strlen(text);
	struct line_scan scan = { .text = text, .breaks = breaks, .point = point, .end = point };

	*ret = (struct shell_line){ .is_raw = true };
	if (bytes > LINE_BYTES_MAX || point > bytes)
		return NULL;
	scan.word = malloc(bytes + 1);
	if (scan.word == NULL)
		return error_no_memory();
	struct error *err = scan_words(ret, &scan);
	if (err == NULL)
		err = end_at_cursor(ret, &scan);
	/* What stands behind the cursor in its word is not completed. */
	scan = (struct line_scan){ .text = text,
				   .breaks = breaks,
				   .at = point + strcspn(text + point, " \t\n;|&"),
				   .point = bytes + 1,
				   .end = bytes,
				   .word = scan.word,
				   .capacity = scan.capacity };
	if (err == NULL)
		err = scan_words(ret, &scan);
	free(scan.word);
	return err;
}

void shell_line_deinit(struct shell_line *line)
{
	for (size_t i = 0; line->owned != NULL && i < line->count; i++)
		free(line->owned[i]);
	free(line->owned);
}

void shell_line_put(const struct shell_line *line, const char *word, size_t bytes, FILE *out)
{
	static const char SAFE[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "_@%+:,./=-";
	size_t at = line->is_raw ? line->break_bytes : 0;

	for (; at < bytes; at++) {
		bool escapes = false;
		if (line->is_raw && line->quote == '"')
			escapes = strchr("\\\"$`", word[at]) != NULL;
		else if (line->is_raw && line->quote == 0)
			escapes = (word[at] & 0x80) == 0 && strchr(SAFE, word[at]) == NULL;
		if (line->is_raw && line->quote == '\'' && word[at] == '\'')
			fputs("'\\'",
			      out); /* ends the quote, escapes this one, and begins another with the next */
		if (escapes)
			putc('\\', out);
		putc(word[at], out);
	}
}
