/* mprof-trace clean: removes the profiles of the current directory, and their pictures (cli layer). */
#include <argp.h>
#include <stdlib.h>

#include "tracer/base/log.h"
#include "tracer/cli/command.h"
#include "tracer/cli/options/command_options.h"
#include "tracer/cli/profiles/picture_files.h"
#include "tracer/cli/profiles/profile_removal.h"

static const struct argp_option argp_options[] = {
	OPTION_DRY_RUN,
	{ 0 },
};

static const char doc[] =
	"Removes every mprofile_YYYYMMDDhhmmss.dat of the current directory, and "
	"mprofile_YYYYMMDDhhmmss.N.dat of a rank, that is a profile, what its program wrote while "
	"live showed it, and the pictures that plot has named after them.";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	bool *dry_run = state->input;

	(void)arg;
	switch (key) {
	case KEY_DRY_RUN:
		*dry_run = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = { argp_options, parse_option, NULL, doc, NULL, NULL, NULL };

static struct error *clean_run(int argc, char **argv, int *ret_status)
{
	struct profile_files files = { 0 }, pictures = { 0 };
	struct removal how = { .tells = true, .pictures = &pictures };

	struct error *err = command_options_parse(&argp, argc, argv, 0, &how.is_dry);
	if (err == NULL)
		err = profile_files_list(&files);
	if (err == NULL)
		err = picture_files_list(&pictures);
	if (err == NULL && files.count + pictures.count == 0)
		log_info("nothing to be removed in the current directory");
	else if (err == NULL)
		err = profile_files_remove(&files, &how);
	profile_files_deinit(&pictures);
	profile_files_deinit(&files);
	*ret_status = EXIT_SUCCESS;
	return err;
}

const struct command cmd_clean = { "clean", "Remove all profiles of this directory", clean_run,
				   &argp };
