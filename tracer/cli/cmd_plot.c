/* mprof-trace plot: draws profiles in a window or to a file (cli layer). */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plot/layout/plot_layout.h"
#include "plot/model/plot_build.h"
#include "plot/plplot/page_font.h"
#include "plot/plplot/plot_output.h"
#include "plot/window/display_reason.h"
#include "plot/window/plot_window.h"
#include "plot/html/html_page.h"
#include "tracer/base/log.h"
#include "tracer/cli/command.h"
#include "tracer/cli/live/live_look.h"
#include "tracer/cli/plot/plot_follow.h"
#include "tracer/cli/plot/plot_html.h"
#include "tracer/cli/plot/plot_profiles.h"
#include "tracer/cli/plot/plot_settings.h"
#include "tracer/cli/plot/plot_terminal.h"
#include "tracer/cli/profiles/profile_files.h"

/* x.dat -> x.png, beside it; x.1 -> x.1.png, for there may be an x.2. */
static struct error *default_output(const char *profile, const char *suffix, char **ret)
{
	static const char usual[] = ".dat";
	size_t stem = strlen(profile), cut = strlen(usual);

	if (stem > cut && profile[stem - cut - 1] != '/' &&
	    strcmp(profile + stem - cut, usual) == 0)
		stem -= cut;
	if (asprintf(ret, "%.*s%s", (int)stem, profile, suffix) < 0)
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
		profile_path_print(path);
	/* For people only: scripts take the path. */
	if (err == NULL && isatty(STDOUT_FILENO) == 1)
		log_info("no display: the plot is in that file; --term draws it here");
	free(path);
	return err;
}

/* Our own window: the usual one, and the only one of an external context. */
static bool wants_own_window(const struct plot_settings *settings)
{
	const struct plot_backend *backend = settings->backend;

	return settings->output == NULL && !settings->term &&
	       (backend == NULL || strcmp(backend->device, PLOT_BACKEND_WINDOW) == 0);
}

struct window_reading {
	const struct plot_settings *settings;
	const struct profile *whole;
	struct plot_follow *follow; /* NULL: the profiles do not grow */
};

static struct error *look_for_more(void *data, bool *ret_changed)
{
	const struct window_reading *reading = data;

	return plot_follow_look(reading->follow, ret_changed);
}

static struct error *read_part(void *data, int64_t from_ns, int64_t to_ns,
			       profile_progress *progress, void *progress_data,
			       struct profile **ret)
{
	const struct window_reading *reading = data;

	return plot_profiles_read_part(reading->settings, reading->whole, from_ns, to_ns, progress,
				       progress_data, ret);
}

static struct error *show_window(const struct plot_settings *settings,
				 const struct plot_options *options, const struct profile *profiles,
				 struct plot_follow *follow, bool *ret_shown)
{
	const char *path = settings->files.paths[0], *slash = strrchr(path, '/');
	struct window_reading reading = { settings, profiles, follow };
	char *save_as, *title;

	struct error *err = default_output(path, ".png", &save_as);
	if (err != NULL)
		return err;
	if (asprintf(&title, "%s%s \xe2\x80\x93 mprof-trace", slash != NULL ? slash + 1 : path,
		     settings->files.count > 1 ? " \xe2\x80\xa6" : "") < 0) {
		free(save_as);
		return error_no_memory();
	}
	const struct plot_window_source source = {
		.profiles = profiles,
		.count = settings->files.count,
		.options = options,
		.page = &settings->page,
		.title = title,
		.save_as = save_as,
		.read = read_part,
		.follow = follow != NULL ? look_for_more : NULL,
		.data = &reading,
	};
	err = plot_window_show(&source, ret_shown);
	free(title);
	free(save_as);
	return err;
}

/* Where a window was asked for, or a display is named: a file in its place is not what was wanted. */
static void say_why_no_window(const struct plot_settings *settings)
{
	const char *display = getenv("DISPLAY");
	bool is_named = display != NULL && display[0] != '\0';

	if (!is_named && settings->backend == NULL)
		return;
	char *reason = display_reason();
	log_warning("cannot open a window: %s", reason != NULL ? reason : "no memory");
	free(reason);
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
	if (backend != NULL && backend->suffix == NULL && !wants_own_window(settings)) {
		struct error *err = plot_output_window(model, layout, backend, &shown);
		if (err != NULL || shown)
			return err;
		say_why_no_window(settings);
	}
	return write_default_output(settings, model, layout);
}

static struct error *draw(const struct plot_settings *settings, const struct plot_options *options,
			  const struct profile *profiles)
{
	struct plot_model model;
	struct plot_layout layout;

	struct error *err = plot_build(&model, profiles, settings->files.count, options);
	if (err != NULL)
		return err;
	if (settings->term) {
		err = plot_terminal_draw(settings, &model);
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

/* Reads all of the files, whatever window is looked at first: the user may leave it. */
static struct error *read_and_show(const struct plot_settings *settings, bool *ret_shown)
{
	struct profile *profiles;
	struct plot_options options;
	struct error *err = plot_profiles_read_whole(settings, &options, &profiles);

	if (err != NULL)
		return err;
	if (settings->files.count == 1 && !settings->options.no_brackets)
		say_what_was_missed(&profiles[0]);
	err = show_window(settings, &options, profiles, NULL, ret_shown);
	plot_profiles_free(profiles, settings->files.count);
	return err;
}

static struct error *read_and_draw(const struct plot_settings *settings)
{
	const char *display = getenv("DISPLAY");
	struct profile *profiles;
	struct plot_options options;
	bool is_shown = false;
	struct error *err = NULL;

	if (wants_own_window(settings) && display != NULL && display[0] != '\0')
		err = read_and_show(settings, &is_shown);
	if (err != NULL || is_shown)
		return err;
	if (wants_own_window(settings))
		say_why_no_window(settings);
	err = plot_profiles_read(settings, &options, &profiles);
	if (err != NULL)
		return err;
	if (settings->files.count == 1 && !settings->options.no_brackets)
		say_what_was_missed(&profiles[0]);
	err = draw(settings, &options, profiles);
	plot_profiles_free(profiles, settings->files.count);
	return err;
}

/* A picture in a file would not follow: where no window can be opened, that is all. */
static struct error *follow_and_show(const struct plot_settings *settings)
{
	struct plot_follow follow;
	bool is_shown;

	if (settings->term)
		return live_look(settings->files.paths[0], settings->page.is_dark);
	struct error *err = plot_follow_open(&follow, settings);
	if (err != NULL)
		return err;
	err = show_window(settings, &settings->options, &follow.profile, &follow, &is_shown);
	plot_follow_close(&follow);
	if (err != NULL || is_shown)
		return err;
	char *reason = display_reason();
	err = error_new(ERR_FAILED, "cannot open a window: %s; --term follows on the terminal",
			reason != NULL ? reason : "no memory");
	free(reason);
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

/* A page in another font than the one asked for may go unnoticed. */
static void say_font_is_missing(const struct plot_settings *settings)
{
	const char *font = settings->page.font;
	char *instead;

	if (font == NULL || settings->term || page_font_is_there(font, &instead))
		return;
	log_warning(
		"--font %s: no such font is installed%s%s; 'fc-list : family' shows those that are",
		font, instead != NULL ? ", drawn in " : "", instead != NULL ? instead : "");
	free(instead);
}

static struct error *run_settings(struct plot_settings *settings)
{
	struct error *err = settings->err != NULL ? settings->err : plot_settings_check(settings);

	if (err != NULL)
		return err;
	if (settings->list_backends)
		return list_backends();
	say_font_is_missing(settings);
	if (settings->files.count == 0) {
		err = profile_files_add_newest(&settings->files);
		if (err != NULL)
			return err;
		log_info("plotting %s", settings->files.paths[0]);
	}
	if (settings->follows)
		return follow_and_show(settings);
	if (settings->output != NULL && html_page_is_named(settings->output))
		return plot_html_write(settings);
	return read_and_draw(settings);
}

static struct error *plot_run(int argc, char **argv, int *ret_status)
{
	struct plot_settings settings = { .children = PLOT_CHILDREN_DEFAULT };

	struct error *err =
		profile_files_parse(&settings.files, &plot_settings_argp, argc, argv, &settings);
	if (err == NULL)
		err = run_settings(&settings);
	plot_settings_deinit(&settings);
	*ret_status = EXIT_SUCCESS;
	return err;
}

const struct command cmd_plot = { "plot", "Draw a profile: memory over time, calls in brackets",
				  plot_run, &plot_settings_argp };
