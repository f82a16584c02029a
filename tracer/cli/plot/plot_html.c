/* A plot as a page to send; see plot_html.h. Cli layer. */
#include "tracer/cli/plot/plot_html.h"

#include "plot/html/html_page.h"
#include "plot/profile/metric_label.h"
#include "plot/records/profile_reader.h"
#include "tracer/base/output_file.h"
#include "tracer/cli/plot/plot_profiles.h"

/* A page is zoomed into: it has more of a process than a picture shows. */
enum { SAMPLES_OF_PROCESS = 1 << 18 };

/* What a page cannot be asked for. */
static struct error *check(const struct plot_settings *settings)
{
	if (settings->backend != NULL)
		return error_new(ERR_USAGE, "-o %s: a page is not drawn by a --backend",
				 settings->output);
	if (settings->files.count > 2)
		return error_new(ERR_USAGE,
				 "-o %s: a page holds one profile, or two to be compared",
				 settings->output);
	return NULL;
}

static struct error *write_page(const struct plot_settings *settings,
				const struct plot_options *options, const struct profile *profiles,
				const char *target)
{
	const struct html_source source = {
		.profiles = profiles,
		.count = settings->files.count,
		.title = options->title,
		.children = settings->children,
		.no_calls = options->no_brackets,
		.has_window = options->has_window,
		.window_start_ns = options->window_start_ns - options->origin_ns,
		.window_end_ns = options->window_end_ns - options->origin_ns,
		.zero = options->origin,
		.is_clock = options->clock,
		.is_dark = settings->page.is_dark,
	};
	struct output_file file;
	struct error *err = output_file_open(&file, target);

	if (err != NULL)
		return err;
	err = html_page_write(&source, file.out);
	if (err == NULL)
		return output_file_commit(&file);
	output_file_discard(&file);
	return err;
}

struct error *plot_html_write(const struct plot_settings *settings)
{
	struct plot_settings reading = *settings;
	struct plot_options options;
	struct profile *profiles;
	char target[PATH_MAX];
	struct error *err = check(settings);

	if (err == NULL)
		err = output_file_check(settings->output, profile_is_profile, target);
	if (err != NULL)
		return err;
	/* The page sums up by itself what has no curve of its own: its tables have all processes. */
	reading.children = SIZE_MAX - 1;
	reading.samples = SAMPLES_OF_PROCESS;
	err = plot_profiles_read_whole(&reading, &options, &profiles);
	if (err != NULL)
		return err;
	/* The page's times are those that people read: 0 is what they call 0. */
	for (size_t i = 0; i < settings->files.count; i++)
		profiles[i].zero_ns += options.origin_ns;
	if (metrics_differ(profiles, settings->files.count))
		err = error_new(ERR_FAILED,
				"%s and %s measure different things (%s and %s): they are not "
				"to be compared",
				profiles[0].path, profiles[1].path, profiles[0].metric,
				profiles[1].metric);
	if (err == NULL)
		err = error_context(write_page(settings, &options, profiles, target),
				    "cannot write %s", settings->output);
	plot_profiles_free(profiles, settings->files.count);
	return err;
}
