/* mprof-trace attach: records programs that run already (cli layer). */
#include <argp.h>

#include "tracer/cli/command.h"
#include "tracer/cli/options/command_options.h"
#include "tracer/cli/live/live_run.h"
#include "tracer/cli/record/attach_targets.h"
#include "tracer/cli/record/program_choice.h"
#include "tracer/cli/record/recording_options.h"
#include "tracer/loop/engine.h"

enum { OPTION_PYTHON = 256 };

struct attach_command {
	struct recording_options recording;
	struct attach_targets targets;
	bool wants_python;
};

static const struct argp_option options[] = {
	{ "python", OPTION_PYTHON, NULL, 0,
	  "Functions are Python functions: module.Class.name, or the end of it (CPython 3.12 or "
	  "later)",
	  0 },
	{ 0 },
};

static const char doc[] =
	"Records programs that run already, each given by its pid or by its name, with their "
	"children, until Ctrl-C, --timeout, or their end; then leaves them as they were.\vThe exit "
	"status is 0, or 125 when it was refused or the recording failed.";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct attach_command *command = state->input;
	struct recording_options *recording = &command->recording;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = recording;
		return 0;
	case ARGP_KEY_ARG:
		if (recording->err == NULL)
			recording->err = attach_targets_add(&command->targets, arg);
		return 0;
	case OPTION_PYTHON:
		command->wants_python = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child argp_children[] = { { .argp = &recording_argp }, { 0 } };
static const struct argp argp = {
	options, parse_option, "PID|NAME...", doc, argp_children, NULL, NULL,
};

static struct error *attach_run(int argc, char **argv, int *ret_status)
{
	struct attach_command command = { 0 };
	struct session_options *session = &command.recording.session;

	struct error *err = recording_options_init(&command.recording);
	if (err != NULL)
		return err;
	session->survives = true;
	err = command_options_parse(&argp, argc, argv, 0, &command);
	if (err == NULL)
		err = recording_options_finish(&command.recording);
	if (err == NULL && command.targets.count == 0)
		err = error_new(ERR_USAGE, "which process, by PID or NAME, is to be recorded?");
	if (err == NULL && command.wants_python)
		err = program_choose_running_python(session);
	if (err == NULL)
		err = attach_targets_prepare(&command.targets, session);
	if (err == NULL)
		program_choose_marks(session);
	if (err == NULL)
		err = command.recording.is_live ? live_run(session, ret_status)
						: engine_run(session, ret_status);
	attach_targets_deinit(&command.targets);
	recording_options_deinit(&command.recording);
	return err;
}

const struct command cmd_attach = { "attach", "Record a program that runs already", attach_run,
				    &argp };
