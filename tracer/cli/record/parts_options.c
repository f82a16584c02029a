/* What is recorded of memory besides its amount; see parts_options.h. Cli layer. */
#include "tracer/cli/record/parts_options.h"

#include <string.h>

/* Keys of options without a letter; those of the commands and of other children lie elsewhere. */
enum { OPTION_SPLIT = 1280 };

static const struct argp_option parts_argp_options[] = {
	{ "split", OPTION_SPLIT, "maps", OPTION_ARG_OPTIONAL,
	  "Record what the memory is: anonymous, of files, shared, swapped out, huge pages; with "
	  "'maps' also heap, arenas, stacks, each library and file, now and then",
	  0 },
	{ 0 },
};

static error_t parts_parse(int key, char *arg, struct argp_state *state)
{
	struct parts_options *options = state->input;

	if (key != OPTION_SPLIT)
		return ARGP_ERR_UNKNOWN;
	options->split = arg == NULL ? SPLIT_COUNTERS : SPLIT_MAPS;
	options->bad_split = arg != NULL && strcmp(arg, "maps") != 0 ? arg : NULL;
	return 0;
}

const struct argp parts_argp = { .options = parts_argp_options, .parser = parts_parse };

struct error *parts_options_check(const struct parts_options *options)
{
	if (options->bad_split == NULL)
		return NULL;
	return error_new(ERR_USAGE, "--split=%s: say --split or --split=maps", options->bad_split);
}
