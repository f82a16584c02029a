/* What all commands' option parsers share; see command_options.h. Cli layer. */
#include "tracer/cli/command_options.h"

#include <stdio.h>
#include <stdlib.h>

#include "tracer/base/version.h"

enum {
	STATUS_WRONG_OPTION = 125, /* env(1)'s for a failure that is not the program's */
	OPTION_USAGE = 0x10000,	   /* above all characters: no short option */
};

/* argp's own help option has no -h, and its own version option needs a mutable global. */
static const struct argp_option common_options[] = {
	{ "help", 'h', NULL, 0, "Print this help", -1 },
	{ "usage", OPTION_USAGE, NULL, 0, "Print a short usage", -1 },
	{ "version", 'V', NULL, 0, "Print the version", -1 },
	{ 0 },
};

static error_t parse_common(int key, char *argument, struct argp_state *state)
{
	(void)argument;
	switch (key) {
	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return 0;
	case OPTION_USAGE:
		argp_state_help(state, stdout, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
		return 0;
	case 'V':
		printf("mprof-trace %s\n", MPROF_TRACE_VERSION);
		exit(EXIT_SUCCESS);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

struct error *command_options_parse(const struct argp *argp, int argc, char **argv, unsigned flags,
				    void *input)
{
	static const struct argp common = { .options = common_options, .parser = parse_common };
	/* A command has one child of its own at most; its place must not depend on ours. */
	struct argp_child children[3] = { 0 };
	size_t count = 0;
	struct argp whole = *argp;

	if (argp->children != NULL)
		children[count++] = argp->children[0];
	children[count].argp = &common;
	whole.children = children;
	argp_err_exit_status = STATUS_WRONG_OPTION;
	error_t result = argp_parse(&whole, argc, argv, flags | ARGP_NO_HELP, NULL, input);
	return result == 0 ? NULL : error_os(result, "the command line cannot be read");
}
