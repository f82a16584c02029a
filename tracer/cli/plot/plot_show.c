/* Puts a plot where it is wanted; see plot_show.h. Cli layer. */
#include "tracer/cli/plot/plot_show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plot/layout/plot_layout.h"
#include "plot/model/plot_build.h"
#include "plot/plplot/plot_output.h"
#include "plot/window/display_reason.h"
#include "plot/window/plot_window.h"
#include "tracer/base/log.h"
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

bool plot_show_wants_window(const struct plot_settings *settings)
{
	const struct plot_backend *backend = settings->backend;

	return settings->output == NULL && !settings->term &&
	       (backend == NULL || strcmp(backend->device, PLOT_BACKEND_WINDOW) == 0);
}

static struct error *write_default_output(const struct plot_show *show,
					  const struct plot_model *model,
					  const struct plot_layout *layout)
{
	const struct plot_backend *backend = show->settings->backend;
	char *path;

	if (backend == NULL || backend->suffix == NULL)
		backend = plot_backend_at(0);
	struct error *err = default_output(show->name, backend->suffix, &path);
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

struct error *plot_show_in_window(const struct plot_show *show, bool *ret_shown)
{
	char *save_as, *title;

	struct error *err = default_output(show->name, ".png", &save_as);
	if (err != NULL)
		return err;
	if (asprintf(&title, "%s%s \xe2\x80\x93 mprof-trace", basename(show->name),
		     show->has_more ? " \xe2\x80\xa6" : "") < 0) {
		free(save_as);
		return error_no_memory();
	}
	const struct plot_window_source source = {
		.profiles = show->profiles,
		.count = show->count,
		.options = show->options,
		.page = &show->settings->page,
		.title = title,
		.save_as = save_as,
		.read = show->read,
		.follow = show->follow,
		.data = show->data,
	};
	err = plot_window_show(&source, ret_shown);
	free(title);
	free(save_as);
	return err;
}

/* Where a window was asked for, or a display is named: a file in its place is not what was wanted. */
void plot_show_say_no_window(const struct plot_settings *settings)
{
	const char *display = getenv("DISPLAY");
	bool is_named = display != NULL && display[0] != '\0';

	if (!is_named && settings->backend == NULL)
		return;
	char *reason = display_reason();
	log_warning("cannot open a window: %s", reason != NULL ? reason : "no memory");
	free(reason);
}

static struct error *put_out(const struct plot_show *show, const struct plot_model *model,
			     const struct plot_layout *layout)
{
	const struct plot_settings *settings = show->settings;
	const struct plot_backend *backend = settings->backend;
	bool shown = false;

	if (settings->output != NULL)
		return plot_output_file(model, layout,
					backend != NULL ? backend
							: plot_backend_of_path(settings->output),
					settings->output);
	if (backend != NULL && backend->suffix == NULL && !plot_show_wants_window(settings)) {
		struct error *err = plot_output_window(model, layout, backend, &shown);
		if (err != NULL || shown)
			return err;
		plot_show_say_no_window(settings);
	}
	return write_default_output(show, model, layout);
}

struct error *plot_show_draw(const struct plot_show *show)
{
	struct plot_model model;
	struct plot_layout layout;

	struct error *err = plot_build(&model, show->profiles, show->count, show->options);
	if (err != NULL)
		return err;
	if (show->settings->term) {
		err = plot_terminal_draw(show->settings, &model);
		plot_model_deinit(&model);
		return err;
	}
	err = plot_layout_init(&layout, &model, &show->settings->page);
	if (err == NULL) {
		err = put_out(show, &model, &layout);
		plot_layout_deinit(&layout);
	}
	plot_model_deinit(&model);
	return err;
}
