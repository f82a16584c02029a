/* The plot of a directory of ranks; see plot_ranks.h. Cli layer. */
#include "tracer/cli/plot/plot_ranks.h"

#include <stdlib.h>
#include <string.h>

#include "plot/html/html_page.h"
#include "plot/jobs/job_picture.h"
#include "tracer/base/log.h"
#include "tracer/cli/plot/plot_show.h"
#include "tracer/cli/profiles/rank_files.h"

/* NULL: nothing. */
static const char *given_of_ranks(const struct plot_settings *settings)
{
	return settings->by_host       ? "--by host"
	       : settings->by_rank     ? "--by rank"
	       : settings->job != NULL ? "--job"
				       : NULL;
}

static const char *given_of_profiles(const struct plot_settings *settings)
{
	return settings->options.flame		       ? "--flame"
	       : settings->follows		       ? "--follow"
	       : settings->selection.pid_count > 0     ? "--pid"
	       : settings->selection.functions != NULL ? "--func"
						       : NULL;
}

struct error *plot_ranks_check(struct plot_settings *settings)
{
	const struct profile_files *files = &settings->files;
	const char *given;

	for (size_t i = 0; i < files->count; i++)
		settings->is_of_ranks =
			settings->is_of_ranks || rank_files_is_directory(files->paths[i]);
	if (!settings->is_of_ranks) {
		given = given_of_ranks(settings);
		return given == NULL ? NULL
				     : error_new(ERR_USAGE,
						 "%s is of a directory of ranks: name one", given);
	}
	if (files->count > 1)
		return error_new(ERR_USAGE, "a directory of ranks is drawn by itself: leave the "
					    "other profiles out");
	given = given_of_profiles(settings);
	if (given != NULL)
		return error_new(ERR_USAGE,
				 "%s is of one profile, but %s is a directory: name one in it",
				 given, files->paths[0]);
	if (settings->by_host && settings->sums_tree)
		return error_new(ERR_USAGE, "--by host and -C, which draws the sum of all ranks: "
					    "choose one");
	if (settings->output != NULL && html_page_is_named(settings->output))
		return error_new(ERR_USAGE,
				 "-o %s: a page holds single profiles, not a directory of ranks: "
				 "choose .png, .svg or .pdf",
				 settings->output);
	return NULL;
}

/* The one that was asked for, or the latest. */
static const struct rank_job *choose_job(const struct plot_settings *settings,
					 const struct rank_jobs *jobs)
{
	const struct rank_job *latest = &jobs->jobs[jobs->count - 1];

	if (jobs->count > 1)
		log_info("%s holds the ranks of %zu jobs: %s is drawn, the latest; --job %s draws "
			 "another",
			 settings->files.paths[0], jobs->count,
			 latest->name != NULL ? latest->name : "one without a name",
			 jobs->jobs[0].name != NULL ? jobs->jobs[0].name : "JOB");
	return latest;
}

/* What a picture is named after: the directory; where that is meant without its name, what is in it. Owned. */
static char *name_of(const char *directory)
{
	size_t bytes = strlen(directory);

	while (bytes > 1 && directory[bytes - 1] == '/')
		bytes--;
	const char *last = memrchr(directory, '/', bytes);
	const char *name = last != NULL ? last + 1 : directory;
	const size_t name_bytes = (size_t)(directory + bytes - name);
	if (name_bytes == 0 || strncmp(name, ".", name_bytes) == 0 ||
	    (name_bytes == 2 && strncmp(name, "..", 2) == 0))
		return strdup("ranks");
	return strndup(directory, bytes);
}

static struct error *show(const struct plot_settings *settings, const struct job_picture *picture,
			  const char *name)
{
	const struct plot_show shown = {
		.settings = settings,
		.options = &picture->options,
		.profiles = picture->profiles,
		.count = picture->count,
		.name = name,
	};
	const char *display = getenv("DISPLAY");
	bool is_shown = false;
	struct error *err = NULL;

	if (plot_show_wants_window(settings) && display != NULL && display[0] != '\0')
		err = plot_show_in_window(&shown, &is_shown);
	if (err != NULL || is_shown)
		return err;
	if (plot_show_wants_window(settings))
		plot_show_say_no_window(settings);
	return plot_show_draw(&shown);
}

static struct error *draw(const struct plot_settings *settings, const struct rank_job *job)
{
	const struct job_picture_wish wish = {
		.of = settings->sums_tree ? RANK_LINES_ALL
		      : settings->by_host ? RANK_LINES_HOSTS
					  : RANK_LINES_RANKS,
		.kept = settings->children,
		.is_kept_wished = settings->wants_children,
		.place = settings->files.paths[0],
		.origin = settings->align.label,
	};
	char *name = name_of(settings->files.paths[0]);
	struct job_picture picture;

	if (name == NULL)
		return error_no_memory();
	struct error *err = job_picture_init(&picture, job, &wish, &settings->options);
	if (err == NULL) {
		err = show(settings, &picture, name);
		job_picture_deinit(&picture);
	}
	free(name);
	return err;
}

struct error *plot_ranks(const struct plot_settings *settings)
{
	const struct rank_files files = {
		.directory = settings->files.paths[0],
		.job = settings->job,
		.align = &settings->align,
		.selection = &settings->selection,
	};
	struct rank_jobs jobs;
	struct error *err = rank_files_read(&files, &jobs);

	if (err != NULL)
		return err;
	err = draw(settings, choose_job(settings, &jobs));
	rank_jobs_deinit(&jobs);
	return err;
}
