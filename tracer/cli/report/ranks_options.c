/* The options of report that are of a directory of ranks alone; see ranks_options.h. Cli layer. */
#include "tracer/cli/report/ranks_options.h"

enum { KEY_ALL = 512, KEY_JOB, KEY_ALIGN };

static const struct argp_option argp_options[] = {
	{ "all", KEY_ALL, NULL, 0, "All rows, not only those that stand out", 0 },
	{ "job", KEY_JOB, "JOB", 0, "Only the ranks of this job", 0 },
	{ "align", KEY_ALIGN, "FUNC|start", 0,
	  "Count the times of each rank from its first call of FUNC, not by the clock (default)",
	  0 },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct ranks_options *options = state->input;

	if (options->err != NULL)
		return 0;
	switch (key) {
	case KEY_ALL:
		options->given = "--all";
		options->shows_all = true;
		return 0;
	case KEY_JOB:
		options->given = "--job";
		options->job = arg;
		return 0;
	case KEY_ALIGN:
		options->given = "--align";
		options->err = align_option_parse(&options->align, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp ranks_options_argp = {
	argp_options, parse_option, NULL, NULL, NULL, NULL, NULL,
};

void ranks_options_deinit(struct ranks_options *options)
{
	align_option_deinit(&options->align);
}
