/* mprof-trace plot: draws profiles in a window or to a file (cli layer). */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "plot/plplot/page_font.h"
#include "plot/plplot/plot_output.h"
#include "plot/window/display_reason.h"
#include "plot/html/html_page.h"
#include "tracer/base/log.h"
#include "tracer/cli/command.h"
#include "tracer/cli/live/live_look.h"
#include "tracer/cli/plot/plot_follow.h"
#include "tracer/cli/plot/plot_html.h"
#include "tracer/cli/plot/plot_profiles.h"
#include "tracer/cli/plot/plot_ranks.h"
#include "tracer/cli/plot/plot_settings.h"
#include "tracer/cli/plot/plot_show.h"
#include "tracer/cli/profiles/profile_files.h"

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

/* All files of the settings, or the one that is followed. */
static struct plot_show show_of(const struct plot_settings *settings,
				const struct plot_options *options, const struct profile *profiles,
				struct window_reading *reading)
{
	return (struct plot_show){
		.settings = settings,
		.options = options,
		.profiles = profiles,
		.count = settings->files.count,
		.name = settings->files.paths[0],
		.has_more = settings->files.count > 1,
		.read = read_part,
		.follow = reading->follow != NULL ? look_for_more : NULL,
		.data = reading,
	};
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
	struct window_reading reading = { settings, profiles, NULL };
	const struct plot_show show = show_of(settings, &options, profiles, &reading);
	err = plot_show_in_window(&show, ret_shown);
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

	if (plot_show_wants_window(settings) && display != NULL && display[0] != '\0')
		err = read_and_show(settings, &is_shown);
	if (err != NULL || is_shown)
		return err;
	if (plot_show_wants_window(settings))
		plot_show_say_no_window(settings);
	err = plot_profiles_read(settings, &options, &profiles);
	if (err != NULL)
		return err;
	if (settings->files.count == 1 && !settings->options.no_brackets)
		say_what_was_missed(&profiles[0]);
	struct window_reading reading = { settings, profiles, NULL };
	const struct plot_show show = show_of(settings, &options, profiles, &reading);
	err = plot_show_draw(&show);
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
	struct window_reading reading = { settings, &follow.profile, &follow };
	const struct plot_show show =
		show_of(settings, &settings->options, &follow.profile, &reading);
	err = plot_show_in_window(&show, &is_shown);
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
	struct error *err = settings->err != NULL ? settings->err : plot_ranks_check(settings);

	if (err == NULL)
		err = plot_settings_check(settings);
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
	if (settings->is_of_ranks)
		return plot_ranks(settings);
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
