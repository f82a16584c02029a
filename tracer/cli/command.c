/* What all commands share: their parser; see command.h. Cli layer. */
#include "tracer/cli/command.h"

#include <argp.h>
#include <stddef.h>

#include "tracer/base/version.h"

static error_t parse_common(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != 'h')
		return ARGP_ERR_UNKNOWN;
	argp_state_help(state, state->out_stream, ARGP_HELP_STD_HELP);
	return 0;
}

void command_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	/* argp itself has --help, --usage and --version, but no -h. */
	static const struct argp_option common_options[] = {
		{ NULL, 'h', NULL, OPTION_HIDDEN, NULL, -1 },
		{ 0 },
	};
	static const struct argp common = { common_options, parse_common, NULL, NULL, NULL, NULL, NULL };
	static const struct argp_child children[] = { { &common, 0, NULL, 0 }, { 0 } };
	enum { STATUS_OURS = 125 }; /* argp prints what is wrong with an option, and exits */
	struct argp with_common = *argp;

	argp_program_version = "mprof-trace " MPROF_TRACE_VERSION;
	argp_err_exit_status = STATUS_OURS;
	with_common.children = children;
	argp_parse(&with_common, argc, argv, ARGP_IN_ORDER, NULL, input);
}
