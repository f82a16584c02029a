/* mprof-trace plot: draws profiles in a window or to a file (cli layer). */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "plot/plot_model.h"
#include "plot/plot_output.h"
#include "plot/profile_children.h"
#include "plot/profile_filter.h"
#include "plot/profile_reader.h"
#include "plot/term_plot.h"
#include "tracer/base/log.h"
#include "tracer/cli/command.h"
#include "tracer/cli/command_options.h"
#include "tracer/cli/plot_settings.h"
#include "tracer/cli/profile_files.h"
#include "tracer/cli/progress_bar.h"

/* x.dat -> x.png, beside it. */
static struct error *default_output(const char *profile, const char *suffix, char **ret)
{
	const char *slash = strrchr(profile, '/');
	const char *dot = strrchr(slash != NULL ? slash + 1 : profile, '.');
	int stem = dot != NULL && dot != profile && dot[-1] != '/' ? (int)(dot - profile)
								   : (int)strlen(profile);

	if (asprintf(ret, "%.*s%s", stem, profile, suffix) < 0)
		return error_no_memory();
	return NULL;
}

static struct error *write_default_output(const struct plot_settings *settings,
					  const struct plot_model *model,
					  const struct plot_layout *layout)
{
	const struct plot_backend *backend = settings->backend;
	char *path;

	if (backend == NULL || backend->suffix == NULL)
		backend = plot_backend_at(0);
	struct error *err = default_output(settings->files.paths[0], backend->suffix, &path);
	if (err != NULL)
		return err;
	err = plot_output_file(model, layout, backend, path);
	if (err == NULL)
		printf("%s\n", path);
	/* For people only: scripts take the path. */
	if (err == NULL && isatty(STDOUT_FILENO) == 1)
		log_info("no display: the plot is in that file; --term draws it here");
	free(path);
	return err;
}

static struct error *put_out(const struct plot_settings *settings, const struct plot_model *model,
			     const struct plot_layout *layout)
{
	const struct plot_backend *backend = settings->backend;
	bool shown = false;

	if (settings->output != NULL)
		return plot_output_file(model, layout,
					backend != NULL ? backend
							: plot_backend_of_path(settings->output),
					settings->output);
	if (backend == NULL || backend->suffix == NULL) {
		struct error *err = plot_output_window(model, layout, backend, &shown);
		if (err != NULL || shown)
			return err;
	}
	return write_default_output(settings, model, layout);
}

/* As large as the terminal is; where stdout is none, as the usual one, without colours. */
static struct error *draw_on_terminal(const struct plot_settings *settings,
				      const struct plot_model *model)
{
	struct winsize size;
	struct term_page page = { .columns = 80, .rows = 24, .is_dark = settings->page.is_dark };
	const char *no_color = getenv("NO_COLOR"); /* https://no-color.org */

	if (isatty(STDOUT_FILENO) == 1) {
		page.has_color = no_color == NULL || no_color[0] == '\0';
		if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
			page.columns = size.ws_col;
			page.rows = size.ws_row;
		}
	}
	struct error *err = term_plot_write(stdout, model, &page);
	if (err == NULL && fflush(stdout) != 0)
		err = error_os(errno, "cannot write the plot");
	return err;
}

static struct error *draw(const struct plot_settings *settings, const struct profile *profiles)
{
	struct plot_model model;
	struct plot_layout layout;

	struct error *err =
		plot_model_init(&model, profiles, settings->files.count, &settings->options);
	if (err != NULL)
		return err;
	if (settings->term) {
		err = draw_on_terminal(settings, &model);
		plot_model_deinit(&model);
		return err;
	}
	err = plot_layout_init(&layout, &model, &settings->page);
	if (err == NULL) {
		err = put_out(settings, &model, &layout);
		plot_layout_deinit(&layout);
	}
	plot_model_deinit(&model);
	return err;
}

/* A bracket that is missing without a word is what users of such tools complain of most. */
static void say_what_was_missed(const struct profile *profile)
{
	static const size_t most = 5;

	for (size_t i = 0; i < profile->missed_count && i < most; i++)
		log_info("%s: no brackets for %s: %s", profile->path, profile->missed[i].pattern,
			 profile->missed[i].reason);
	if (profile->missed_count > most)
		log_info("%s: nor for %zu other patterns", profile->path,
			 profile->missed_count - most);
}

static bool wants_function(void *data, const char *name)
{
	const struct pattern_set *patterns = data;

	return pattern_set_wants_label(patterns, name);
}

/* "a, b, c, …": what could have been asked for. Owned; NULL without memory. */
static char *list_functions(const struct profile *profile)
{
	static const size_t most = 8;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < profile->function_count && i < most; i++)
		fprintf(out, "%s%s", i > 0 ? ", " : "", profile->functions[i].name);
	if (profile->function_count > most)
		fprintf(out, ", and %zu more", profile->function_count - most);
	if (profile->function_count == 0)
		fprintf(out, "none");
	fclose(out);
	return text;
}

static char *list_pids(const struct profile *profile)
{
	static const size_t most = 20;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < profile->process_count && i < most; i++)
		fprintf(out, "%s%" PRId32, i > 0 ? ", " : "", profile->processes[i].pid);
	if (profile->process_count > most)
		fprintf(out, ", and %zu more", profile->process_count - most);
	fclose(out);
	return text;
}

/* Leaves out what --func and --pid do not name, and sums what --children leaves over. */
static struct error *filter(const struct plot_settings *settings, struct profile *profile)
{
	struct error *err = NULL;

	if (settings->functions != NULL) {
		char *functions = list_functions(profile);
		if (profile_keep_functions(profile, wants_function, settings->functions) == 0)
			err = error_new(ERR_FAILED, "no function of %s matches --func; it has: %s",
					profile->path, functions != NULL ? functions : "?");
		free(functions);
	}
	if (err == NULL && settings->pid_count > 0) {
		char *pids = list_pids(profile);
		if (profile_keep_processes(profile, settings->pids, settings->pid_count) == 0)
			err = error_new(ERR_FAILED,
					"no process of %s has a pid of --pid; it has: %s",
					profile->path, pids != NULL ? pids : "?");
		free(pids);
	}
	if (err == NULL)
		err = profile_sum_children(profile, settings->children);
	return err;
}

/*
 * A page needs less than a long recording has: samples are reduced while they are read. A part of
 * such a recording is then read once more for itself, with all its detail; its place is known only
 * when the profile's start is.
 */
static struct error *read_profile(const struct plot_settings *settings, const char *path,
				  struct profile *ret)
{
	static const size_t samples_most = 1 << 16;
	struct series_range range = { INT64_MIN, INT64_MAX, samples_most };
	struct progress_bar bar;
	const struct profile_reading reading = { &range, progress_bar_step, &bar };
	bool is_reduced = false;

	progress_bar_init(&bar, path);
	struct error *err = profile_read_with(ret, path, &reading);
	for (size_t i = 0; err == NULL && i < ret->process_count; i++)
		is_reduced = is_reduced || ret->processes[i].series.is_reduced;
	if (err == NULL && is_reduced && settings->options.has_window) {
		range.from_ns = ret->first_ns + settings->options.window_start_ns;
		range.to_ns = ret->first_ns + settings->options.window_end_ns;
		profile_deinit(ret);
		err = profile_read_with(ret, path, &reading);
	}
	progress_bar_end(&bar);
	return err;
}

static struct error *read_and_draw(const struct plot_settings *settings)
{
	size_t count = settings->files.count, read = 0;
	struct profile *profiles = calloc(count, sizeof(*profiles));
	struct error *err = profiles == NULL ? error_no_memory() : NULL;

	while (err == NULL && read < count) {
		err = read_profile(settings, settings->files.paths[read], &profiles[read]);
		if (err != NULL)
			break;
		profile_warn_damage(&profiles[read]);
		err = filter(settings, &profiles[read++]);
	}
	if (err == NULL && count == 1 && !settings->options.no_brackets)
		say_what_was_missed(&profiles[0]);
	if (err == NULL)
		err = draw(settings, profiles);
	for (size_t i = 0; i < read; i++)
		profile_deinit(&profiles[i]);
	free(profiles);
	return err;
}

static struct error *list_backends(void)
{
	const struct plot_backend *backend;

	for (size_t i = 0; (backend = plot_backend_at(i)) != NULL; i++) {
		if (plot_output_works(backend))
			printf("%-10s %-5s %s\n", backend->device,
			       backend->suffix != NULL ? backend->suffix : "", backend->what);
	}
	return NULL;
}

static struct error *run_settings(struct plot_settings *settings)
{
	struct error *err = settings->err != NULL ? settings->err : plot_settings_check(settings);

	if (err != NULL)
		return err;
	if (settings->list_backends)
		return list_backends();
	if (settings->files.count == 0) {
		err = profile_files_add_newest(&settings->files);
		if (err != NULL)
			return err;
		log_info("plotting %s", settings->files.paths[0]);
	}
	return read_and_draw(settings);
}

static struct error *plot_run(int argc, char **argv, int *ret_status)
{
	struct plot_settings settings = { .children = PLOT_CHILDREN_DEFAULT };
	char **words;

	struct error *err = profile_files_protect_indices(argc, argv, &words);
	if (err != NULL)
		return err;
	err = command_options_parse(&plot_settings_argp, argc, words, 0, &settings);
	if (err == NULL)
		err = run_settings(&settings);
	plot_settings_deinit(&settings);
	free(words);
	*ret_status = EXIT_SUCCESS;
	return err;
}

const struct command cmd_plot = { "plot", "Draw a profile: memory over time, calls in brackets",
				  plot_run };
