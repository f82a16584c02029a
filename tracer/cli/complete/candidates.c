/* What is offered; see candidates.h. Cli layer. */
#include "tracer/cli/complete/candidates.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/utf8.h"

enum { DESCRIPTION_BYTES_MAX = 54 };

/* How much of @text fits: to the end of a clause, if it has one that says something, else of a word. */
static size_t fitting_bytes(const char *text)
{
	size_t word = 0, clause = 0;

	for (size_t i = 0; i < DESCRIPTION_BYTES_MAX; i++) {
		if (text[i] == ' ')
			word = i;
		if (strchr(",:", text[i]) != NULL && i >= DESCRIPTION_BYTES_MAX / 4)
			clause = i;
	}
	return clause > 0 ? clause : word;
}

/* The first clause: what is behind it are details. */
static void put_description(FILE *out, const char *text)
{
	size_t bytes = strcspn(text, ";(\n");

	for (size_t i = 0; i + 1 < bytes; i++) {
		if (text[i] == '.' && text[i + 1] == ' ')
			bytes = i;
	}
	if (bytes > DESCRIPTION_BYTES_MAX)
		bytes = fitting_bytes(text);
	while (bytes > 0 && strchr(" ,:", text[bytes - 1]) != NULL)
		bytes--;
	fwrite(text, 1, bytes, out);
}

/* A line of ours holds one word: no tab, no newline, nothing that moves the cursor. */
static bool can_be_offered(const char *text, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		uint32_t character;
		size_t length = utf8_decode(text + i, bytes - i, &character);
		if (length == 0 || character_is_control(character) || character_is_bidi(character))
			return false;
		i += length - 1;
	}
	return true;
}

void candidates_word(struct candidates *candidates, const char *text, size_t bytes,
		     const char *description)
{
	const char *typed = candidates->word + candidates->kept_bytes;
	size_t typed_bytes = strlen(typed);

	if (bytes < typed_bytes || memcmp(text, typed, typed_bytes) != 0 ||
	    !can_be_offered(text, bytes) ||
	    !can_be_offered(candidates->word, candidates->kept_bytes))
		return;
	char *whole = malloc(candidates->kept_bytes + bytes + 1);
	if (whole == NULL)
		return;
	memcpy(whole, candidates->word, candidates->kept_bytes);
	memcpy(whole + candidates->kept_bytes, text, bytes);
	fputs("w\t", candidates->out);
	shell_line_put(candidates->line, whole, candidates->kept_bytes + bytes, candidates->out);
	putc('\t', candidates->out);
	if (description != NULL)
		put_description(candidates->out, description);
	putc('\n', candidates->out);
	free(whole);
}

/* @begin: the fields before those of the place. A tab or a newline in the word would be another field to the script. */
static void put_place(const struct candidates *candidates, const char *begin)
{
	if (!can_be_offered(candidates->word, strlen(candidates->word)))
		return;
	fprintf(candidates->out, "%s\t%.*s\t%s\t%zu\n", begin, (int)candidates->kept_bytes,
		candidates->word, candidates->word + candidates->kept_bytes,
		candidates->line->break_bytes);
}

void candidates_files(struct candidates *candidates, const char *glob)
{
	char begin[32];

	snprintf(begin, sizeof(begin), "f\t%s", glob);
	put_place(candidates, begin);
}

void candidates_folders(struct candidates *candidates)
{
	put_place(candidates, "d");
}

void candidates_users(struct candidates *candidates)
{
	put_place(candidates, "u");
}

void candidates_commands(struct candidates *candidates)
{
	put_place(candidates, "c");
}

void candidates_program(struct candidates *candidates, size_t word)
{
	const char *text = candidates->line->words[word];

	if (can_be_offered(text, strlen(text)))
		fprintf(candidates->out, "p\t%zu\t%s\n", word, text);
}
