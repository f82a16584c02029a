/*
 * What stands where on a command line of ours, and what the word of the cursor is (cli layer).
 *
 * Commands and their options are those that the parsers have (struct command's argp): nothing is listed here again.
 */
#ifndef CLI_COMPLETE_LINE_PLACE_H
#define CLI_COMPLETE_LINE_PLACE_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

#include "tracer/cli/command.h"
#include "tracer/cli/complete/shell_line.h"

/* What a word is that belongs to no option, as the command's usage tells. */
enum operand {
	OPERAND_NONE,
	OPERAND_PROGRAM = 1, /* the words behind it are its own */
	OPERAND_PROCESS = 2,
	OPERAND_PROFILE = 4,
};

struct line_place {
	const struct command *command;
	unsigned operands; /* of the command: bits of enum operand */
	bool is_first;	   /* the word of the cursor may be a command's name, too */
	bool has_options;  /* no `--` stands before the cursor */
	size_t program;	   /* of the words before the cursor, the one that is PROGRAM; 0: none is */
	size_t operand_count; /* before the cursor */

	/* The word of the cursor, or what is behind @kept_bytes of it, is this option's value. NULL: of none. */
	const struct argp_option *option;
	size_t kept_bytes;
};

void line_place_find(struct line_place *ret, const struct shell_line *line,
		     const struct command *const *commands, size_t command_count);

/*
 * Calls @take with each option that may stand here: the command's, its children's, the ones that all have. Those of a
 * group follow each other. Stops where it returns false.
 */
typedef bool option_visitor(void *data, const struct argp_option *option);
void line_place_options(const struct line_place *place, option_visitor *take, void *data);

/*
 * Of all words, also those behind the cursor: the first that is an operand (NULL: there is none), the value of the last
 * --attach, and whether --python is one of them.
 */
struct line_subject {
	const char *operand, *attached;
	bool is_python;
};
void line_place_subject(const struct line_place *place, const struct shell_line *line,
			struct line_subject *ret);

#endif
