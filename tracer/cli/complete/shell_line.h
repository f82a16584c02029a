/*
 * The command line that a shell is asked to complete (cli layer).
 *
 * zsh and fish hand over words without quotes, and quote what they insert. bash does neither: it gives the line as it
 * was typed, and inserts what it gets.
 */
#ifndef CLI_COMPLETE_SHELL_LINE_H
#define CLI_COMPLETE_SHELL_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "tracer/base/error.h"

struct shell_line {
	char **words;	/* without quotes; that of the cursor ends there */
	size_t count;	/* [0] is our own name */
	size_t current; /* the word of the cursor */
	bool is_raw; /* bash: what is inserted must be quoted, and lacks what stands before the last break */
	char quote; /* is_raw: the quote that the cursor is within, 0: none */
	size_t break_bytes; /* is_raw: of the word of the cursor, what the shell keeps in front of what is inserted */
	char **owned; /* the words, if they are ours to free */
};

/* @words are argv's, borrowed. False: there is no word @current. */
bool shell_line_of_words(struct shell_line *ret, char **words, size_t count, size_t current);

/*
 * Splits @text, whose cursor is at @point, as bash does: up to the operator that ends the command. @breaks is bash's
 * COMP_WORDBREAKS. A word with a closed quote before the cursor cannot be replaced: *@ret has no words then.
 */
struct error *shell_line_of_text(struct shell_line *ret, const char *text, size_t point,
				 const char *breaks) MUST_CHECK;
void shell_line_deinit(struct shell_line *line);

/* Writes the @bytes of @word, which begins as the word of the cursor does, as the shell is to insert it. */
void shell_line_put(const struct shell_line *line, const char *word, size_t bytes, FILE *out);

#endif
