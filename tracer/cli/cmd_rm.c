/* mprof-trace rm: removes profiles by file or index (cli layer). */
#include <argp.h>
#include <stdlib.h>

#include "tracer/cli/command.h"
#include "tracer/cli/profiles/profile_files.h"
#include "tracer/cli/profiles/profile_removal.h"

struct rm_command {
	bool dry_run;
	struct profile_files files;
};

static const struct argp_option argp_options[] = {
	OPTION_DRY_RUN,
	{ 0 },
};

static const char doc[] =
	"Removes profiles, and what their programs wrote while live showed them. A "
	"file that is no profile is refused.\v"
	"INDEX counts as 'mprof-trace list' shows; -1 is the newest.";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct rm_command *command = state->input;

	switch (key) {
	case KEY_DRY_RUN:
		command->dry_run = true;
		return 0;
	case ARGP_KEY_ARG:
		profile_files_add_argument(&command->files, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	argp_options, parse_option, "FILE|INDEX...", doc, NULL, NULL, NULL,
};

static struct error *rm_run(int argc, char **argv, int *ret_status)
{
	struct rm_command command = { 0 };

	struct error *err = profile_files_parse(&command.files, &argp, argc, argv, &command);
	if (err == NULL && command.files.count == 0)
		err = error_new(ERR_USAGE, "which profile? Give a file or an index to rm");
	/* All words are understood before any file goes. */
	if (err == NULL)
		err = profile_files_remove(&command.files,
					   &(struct removal){ .is_dry = command.dry_run });
	profile_files_deinit(&command.files);
	*ret_status = EXIT_SUCCESS;
	return err;
}

const struct command cmd_rm = { "rm", "Remove profiles by file or index", rm_run, &argp };
