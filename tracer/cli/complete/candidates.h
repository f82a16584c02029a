/*
 * What is offered for the word of the cursor, line by line as the shells' scripts take it (cli layer).
 *
 *   w WORD DESCRIPTION     this word
 *   f GLOB KEPT TEXT CUT   files that TEXT begins and that match GLOB, and folders: the reply is KEPT and the file, without
 *                          its first CUT bytes
 *   d KEPT TEXT CUT        folders, likewise
 *   u KEPT TEXT CUT        users, likewise
 *   c KEPT TEXT CUT        commands, of PATH or by a path, likewise
 *   p N WORD               what the program at word N would offer, which is WORD
 * with a tab between the fields. A shell knows better than we how its files are quoted and coloured.
 */
#ifndef CLI_COMPLETE_CANDIDATES_H
#define CLI_COMPLETE_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "tracer/cli/complete/shell_line.h"

struct candidates {
	const struct shell_line *line;
	const char *word; /* of the cursor */
	size_t kept_bytes; /* of it: what stands before the part that is offered, `--probe=` or `-f a,` */
	FILE *out;
};

/* Offers @text, if what the user has typed begins it. @description: NULL, or its first clause is shown. */
void candidates_word(struct candidates *candidates, const char *text, size_t bytes,
		     const char *description);
void candidates_files(struct candidates *candidates, const char *glob);
void candidates_folders(struct candidates *candidates);
void candidates_users(struct candidates *candidates);
void candidates_commands(struct candidates *candidates);
void candidates_program(struct candidates *candidates, size_t word);

#endif
