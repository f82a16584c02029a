/* mprof-trace report: tables of functions, processes, threads and calls (cli layer). */
#include <stdio.h>
#include <stdlib.h>

#include "plot/profile/profile_filter.h"
#include "plot/records/profile_reader.h"
#include "plot/report/report.h"
#include "plot/totals/tree_sum.h"
#include "tracer/cli/command.h"
#include "tracer/cli/profiles/profile_files.h"
#include "tracer/cli/profiles/profile_selection.h"
#include "tracer/cli/report/report_ranks.h"
#include "tracer/cli/report/report_settings.h"
#include "tracer/cli/terminal/progress_bar.h"

/* Of each process: a long recording has more than its figures need. */
enum { SAMPLES_MOST = 1 << 15 };

static struct error *read_file(const struct report_settings *settings, const char *path,
			       struct profile *ret)
{
	const struct report_options *options = &settings->options;
	const struct series_range range = {
		options->has_window ? options->from_ns : INT64_MIN,
		options->has_window ? options->to_ns : INT64_MAX,
		SAMPLES_MOST,
	};
	struct progress_bar bar;
	const struct profile_reading reading = {
		.range = &range,
		.progress = progress_bar_step,
		.data = &bar,
	};

	progress_bar_init(&bar, path);
	struct error *err = options->has_window ? profile_read_window(ret, path, &reading)
						: profile_read_with(ret, path, &reading);
	progress_bar_end(&bar);
	return err;
}

static struct error *filter(const struct report_settings *settings, struct profile *profile)
{
	const struct report_options *options = &settings->options;

	if (options->has_window)
		profile_keep_window(profile, profile->first_ns + options->from_ns,
				    profile->first_ns + options->to_ns);
	struct error *err = profile_selection_apply(&settings->selection, profile);
	if (err == NULL && settings->sums_tree)
		err = profile_make_tree(profile, true);
	return err;
}

static struct error *report_files(const struct report_settings *settings)
{
	struct report report;
	struct error *err = NULL;

	report_begin(&report, &settings->options, stdout);
	for (size_t i = 0; err == NULL && i < settings->files.count; i++) {
		struct profile profile;
		err = read_file(settings, settings->files.paths[i], &profile);
		if (err != NULL)
			break;
		profile_warn_damage(&profile);
		if (settings->options.wants[REPORT_GROWTH] && profile.stacks.grown_count == 0)
			err = error_new(ERR_FAILED,
					"%s holds no growth: record it with --stacks=growth",
					profile.path);
		if (err == NULL)
			err = filter(settings, &profile);
		if (err == NULL)
			err = report_add(&report, &profile);
		profile_deinit(&profile);
	}
	return err != NULL ? err : report_end(&report);
}

static struct error *report_run(int argc, char **argv, int *ret_status)
{
	struct report_settings settings = { 0 };

	struct error *err =
		profile_files_parse(&settings.files, &report_settings_argp, argc, argv, &settings);
	if (err == NULL)
		err = settings.err;
	if (err == NULL)
		err = report_settings_check(&settings);
	if (err == NULL && settings.files.count == 0)
		err = profile_files_add_newest(&settings.files);
	if (err == NULL)
		err = settings.is_of_ranks ? report_ranks(&settings) : report_files(&settings);
	report_settings_deinit(&settings);
	*ret_status = EXIT_SUCCESS;
	return err;
}

const struct command cmd_report = {
	"report",
	"Print tables: functions, processes, threads, calls",
	report_run,
	&report_settings_argp,
};
