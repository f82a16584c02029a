/* What all commands' option parsers share; see command_options.h. Cli layer. */
#include "tracer/cli/options/command_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/edit_distance.h"
#include "tracer/cli/options/version_text.h"

enum {
	STATUS_WRONG_OPTION = 125, /* env(1)'s for a failure that is not the program's */
	OPTION_USAGE = 0x10000,	   /* above all characters: no short option */
};

/* argp's own help option has no -h, and its own version option needs a mutable global. */
const struct argp_option command_common_options[] = {
	{ "help", 'h', NULL, 0, "Print this help", -1 },
	{ "usage", OPTION_USAGE, NULL, 0, "Print a short usage", -1 },
	{ "version", 'V', NULL, 0, "Print the version", -1 },
	{ 0 },
};

/* Offers the long options of @argp and its children. Whether one begins with @wanted: then it is not mistyped. */
static bool offer_options(const struct argp *argp, const char *wanted, size_t wanted_bytes,
			  struct nearest_word *nearest)
{
	const struct argp_option *option = argp->options;
	const struct argp_child *child = argp->children;
	bool is_known = false;

	for (; option != NULL && (option->name != NULL || option->key != 0); option++) {
		if (option->name == NULL)
			continue;
		is_known |= strncmp(option->name, wanted, wanted_bytes) == 0;
		nearest_word_offer(nearest, option->name);
	}
	for (; child != NULL && child->argp != NULL; child++)
		is_known |= offer_options(child->argp, wanted, wanted_bytes, nearest);
	return is_known;
}

/* getopt_long(3) has said which word is wrong: it is the one before the next. */
static void explain_option(struct argp_state *state)
{
	const char *word =
		state->next > 0 && state->next <= state->argc ? state->argv[state->next - 1] : "";
	struct nearest_word nearest;

	if (strncmp(word, "--", 2) == 0) {
		const char *wanted = word + 2;
		size_t bytes = strcspn(wanted, "=");
		nearest_word_init(&nearest, wanted, bytes);
		if (!offer_options(state->root_argp, wanted, bytes, &nearest) &&
		    nearest.word != NULL)
			fprintf(stderr, "%s: did you mean '--%s'?\n", state->name, nearest.word);
	}
	argp_state_help(state, stderr, ARGP_HELP_STD_ERR);
}

static error_t parse_common(int key, char *argument, struct argp_state *state)
{
	(void)argument;
	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream =
			NULL; /* explain_option has a word before argp's help, which exits */
		return 0;
	case ARGP_KEY_ERROR:
		explain_option(state);
		return 0;
	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return 0;
	case OPTION_USAGE:
		argp_state_help(state, stdout, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
		return 0;
	case 'V':
		version_text_print(stdout);
		exit(EXIT_SUCCESS);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

struct error *command_options_parse(const struct argp *argp, int argc, char **argv, unsigned flags,
				    void *input)
{
	static const struct argp common = { .options = command_common_options,
					    .parser = parse_common };
	/* A command has one child of its own at most; its place must not depend on ours. */
	struct argp_child children[3] = { 0 };
	size_t count = 0;
	int rest = argc;
	struct argp whole = *argp;

	if (argp->children != NULL)
		children[count++] = argp->children[0];
	children[count].argp = &common;
	whole.children = children;
	argp_err_exit_status = STATUS_WRONG_OPTION;
	error_t result = argp_parse(&whole, argc, argv, flags | ARGP_NO_HELP, &rest, input);
	if (result != 0)
		return error_os(result, "the command line cannot be read");
	return rest >= argc ? NULL
			    : error_new(ERR_USAGE, "'%s' is one argument too many", argv[rest]);
}
