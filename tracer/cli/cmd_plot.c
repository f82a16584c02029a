/* mprof-trace plot: draws profiles in a window or to a file (cli layer). */
#include <argp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/plot_model.h"
#include "plot/plot_output.h"
#include "plot/profile_reader.h"
#include "tracer/base/log.h"
#include "tracer/cli/command.h"
#include "tracer/cli/command_options.h"
#include "tracer/cli/profile_files.h"

struct plot_command {
	struct plot_options options;
	const char *output; /* NULL: a window, or a PNG beside the profile */
	struct profile_files files;
	struct error *err; /* the first that parsing met */
};

static const struct argp_option argp_options[] = {
	{ "title", 't', "TITLE", 0, "Title of the plot, instead of the command line", 0 },
	{ "no-timestamps", 'n', NULL, 0, "Draw no brackets where functions start and end", 0 },
	{ "no-function-ts", 'n', NULL, OPTION_ALIAS, NULL, 0 },
	{ "output", 'o', "FILE", 0, "Write FILE (.png, .svg or .pdf) and open no window", 0 },
	{ "window", 'w', "A,B", 0, "Plot from A to B only, in seconds from the start", 0 },
	{ 0 },
};

static const char doc[] =
	"Draws memory over time, with a bracket pair where each call of a recorded function starts "
	"and ends.\vA profile is a file, or an index as 'mprof-trace list' shows it; -1 is the "
	"newest, which is also the default. Several profiles are overlaid.\n\n"
	"Without -o the plot opens in a window; where there is no display it becomes a PNG named "
	"after the profile, whose path is printed.";

static struct error *parse_window(struct plot_options *options, const char *text)
{
	char *end;
	double start_s = strtod(text, &end);

	if (end != text && *end == ',') {
		const char *second = end + 1;
		double end_s = strtod(second, &end);
		/* 10^9 s are 31 years, and fit in nanoseconds. */
		if (end != second && *end == '\0' && start_s >= -1e9 && end_s <= 1e9 &&
		    end_s - start_s >= 1e-9) {
			options->has_window = true;
			options->window_start_ns = llround(start_s * 1e9);
			options->window_end_ns = llround(end_s * 1e9);
			return NULL;
		}
	}
	return error_new(ERR_USAGE,
			 "--window %s: give two times in seconds, the earlier first, as in 0,20.5",
			 text);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct plot_command *command = state->input;

	if (command->err != NULL)
		return 0;
	switch (key) {
	case 't':
		command->options.title = arg;
		return 0;
	case 'n':
		command->options.no_brackets = true;
		return 0;
	case 'o':
		command->output = arg;
		command->err = plot_output_check_path(arg);
		return 0;
	case 'w':
		command->err = parse_window(&command->options, arg);
		return 0;
	case ARGP_KEY_ARG:
		command->err = profile_files_add(&command->files, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* x.dat -> x.png, beside it. */
static struct error *default_output(const char *profile, char **ret)
{
	const char *slash = strrchr(profile, '/');
	const char *dot = strrchr(slash != NULL ? slash + 1 : profile, '.');
	int stem = dot != NULL && dot != profile && dot[-1] != '/' ? (int)(dot - profile)
								   : (int)strlen(profile);

	if (asprintf(ret, "%.*s.png", stem, profile) < 0)
		return error_no_memory();
	return NULL;
}

static struct error *write_default_output(const struct plot_model *model,
					  const struct plot_layout *layout, const char *profile)
{
	char *path;
	struct error *err = default_output(profile, &path);
	if (err != NULL)
		return err;
	err = plot_output_file(model, layout, path);
	if (err == NULL)
		printf("%s\n", path);
	free(path);
	return err;
}

static struct error *draw(const struct plot_command *command, const struct profile *profiles)
{
	struct plot_model model;
	struct plot_layout layout;
	bool shown = false;

	struct error *err =
		plot_model_init(&model, profiles, command->files.count, &command->options);
	if (err != NULL)
		return err;
	err = plot_layout_init(&layout, &model);
	if (err != NULL) {
		plot_model_deinit(&model);
		return err;
	}
	if (command->output != NULL)
		err = plot_output_file(&model, &layout, command->output);
	else
		err = plot_output_window(&model, &layout, &shown);
	if (err == NULL && command->output == NULL && !shown)
		err = write_default_output(&model, &layout, command->files.paths[0]);
	plot_layout_deinit(&layout);
	plot_model_deinit(&model);
	return err;
}

static struct error *read_and_draw(const struct plot_command *command)
{
	size_t count = command->files.count, read = 0;
	struct profile *profiles = calloc(count, sizeof(*profiles));
	struct error *err = profiles == NULL ? error_no_memory() : NULL;

	for (; err == NULL && read < count; read++) {
		err = profile_read(&profiles[read], command->files.paths[read]);
		if (err != NULL)
			break;
		profile_warn_damage(&profiles[read]);
	}
	if (err == NULL)
		err = draw(command, profiles);
	for (size_t i = 0; i < read; i++)
		profile_deinit(&profiles[i]);
	free(profiles);
	return err;
}

static struct error *plot_run(int argc, char **argv, int *ret_status)
{
	static const struct argp argp = {
		argp_options, parse_option, "[FILE|INDEX...]", doc, NULL, NULL, NULL,
	};
	struct plot_command command = { 0 };
	char **words;

	struct error *err = profile_files_protect_indices(argc, argv, &words);
	if (err != NULL)
		return err;
	err = command_options_parse(&argp, argc, words, 0, &command);
	if (err == NULL)
		err = command.err;
	if (err == NULL && command.files.count == 0) {
		err = profile_files_add_newest(&command.files);
		if (err == NULL)
			log_info("plotting %s", command.files.paths[0]);
	}
	if (err == NULL)
		err = read_and_draw(&command);
	profile_files_deinit(&command.files);
	free(words);
	*ret_status = EXIT_SUCCESS;
	return err;
}

const struct command cmd_plot = { "plot", "Draw a profile: memory over time, calls in brackets",
				  plot_run };
