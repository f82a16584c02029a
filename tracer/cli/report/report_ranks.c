/* The report of a directory of ranks; see report_ranks.h. Cli layer. */
#include "tracer/cli/report/report_ranks.h"

#include <stdio.h>

#include "plot/jobs/job_report.h"
#include "tracer/cli/profiles/rank_files.h"

static struct error *choose_tables(const struct report_settings *settings,
				   struct job_report_options *options)
{
	const bool is_csv = options->format == REPORT_CSV;
	size_t wanted = 0;

	options->wants[JOB_RANKS] = settings->ranks.wants_ranks;
	options->wants[JOB_HOSTS] = settings->ranks.wants_hosts;
	options->wants[JOB_FUNCTIONS] = settings->options.wants[REPORT_FUNCTIONS];
	for (size_t i = 0; i < JOB_TABLES; i++)
		wanted += options->wants[i];
	if (is_csv && wanted > 1)
		return error_new(ERR_USAGE,
				 "--csv: choose one of --by rank, --by host and --by function");
	for (size_t i = 0; wanted == 0 && i < JOB_TABLES; i++)
		options->wants[i] = !is_csv || i == JOB_RANKS;
	return NULL;
}

/* What is asked of a profile alone. */
static struct error *check(const struct report_settings *settings)
{
	static const char *const names[REPORT_TABLES] = {
		[REPORT_PROCESSES] = "--processes", [REPORT_PARTS] = "--parts",
		[REPORT_GROWTH] = "--by growth",    [REPORT_THREADS] = "--threads",
		[REPORT_CALLS] = "--calls",
	};
	const struct report_options *options = &settings->options;
	const char *other = options->has_window			? "--window"
			    : settings->selection.pid_count > 0 ? "--pid"
								: NULL;

	for (size_t i = 0; i < REPORT_TABLES; i++)
		other = options->wants[i] && names[i] != NULL ? names[i] : other;
	if (other == NULL)
		return NULL;
	return error_new(ERR_USAGE, "%s is of one profile, but %s is a directory: name one in it",
			 other, settings->files.paths[0]);
}

struct error *report_ranks(const struct report_settings *settings)
{
	const struct ranks_options *ranks = &settings->ranks;
	const char *directory = settings->files.paths[0];
	const struct rank_files files = {
		.directory = directory,
		.job = ranks->job,
		.align = &ranks->align,
		.selection = &settings->selection,
		.wants_calls = true,
	};
	struct job_report_options options = {
		.format = settings->options.format,
		.shows_all = ranks->shows_all,
		.sort = settings->options.sort,
		.top = settings->options.top,
		.width = settings->options.width,
		.place = directory,
		.origin = ranks->align.label,
	};
	struct rank_jobs jobs;
	struct error *err = check(settings);

	if (err == NULL)
		err = choose_tables(settings, &options);
	if (err == NULL)
		err = job_report_check(&options);
	if (err == NULL)
		err = rank_files_read(&files, &jobs);
	if (err != NULL)
		return err;
	err = job_report_write(&jobs, &options, stdout);
	rank_jobs_deinit(&jobs);
	return err;
}
