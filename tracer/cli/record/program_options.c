/* The options of all commands that start a program; see program_options.h. Cli layer. */
#include "tracer/cli/record/program_options.h"

/* Keys of options without a letter; those of the commands and of other children lie elsewhere. */
enum { OPTION_PYTHON = 2048, OPTION_NOPYTHON };

static const struct argp_option argp_options[] = {
	{ "python", OPTION_PYTHON, NULL, 0,
	  "Functions are Python functions: module.Class.name, or the end of it. PROGRAM is what "
	  "runs Python, a script, or a module (run as by python3 -m)",
	  0 },
	{ "nopython", OPTION_NOPYTHON, NULL, 0,
	  "Execute PROGRAM as it is, even if it ends in .py, which otherwise means --python", 0 },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct program_options *program = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &program->recording;
		return 0;
	case OPTION_PYTHON:
		program->python.is_wanted = true;
		return 0;
	case OPTION_NOPYTHON:
		program->python.is_refused = true;
		return 0;
	case ARGP_KEY_ARG:
		program->words = &state->argv[state->next - 1];
		program->word_count = (size_t)state->argc - (size_t)state->next + 1;
		state->next = state->argc;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = { { .argp = &recording_argp }, { 0 } };
const struct argp program_argp = { argp_options, parse_option, NULL, NULL, children, NULL, NULL };

struct error *program_options_init(struct program_options *ret)
{
	*ret = (struct program_options){ 0 };
	return recording_options_init(&ret->recording);
}

void program_options_deinit(struct program_options *options)
{
	python_choice_deinit(&options->python);
	recording_options_deinit(&options->recording);
}
