/* mprof-trace list: the profiles of the current directory, with their indices (cli layer). */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/profile/metric_label.h"
#include "tracer/base/metric.h"
#include "tracer/base/utf8.h"
#include "tracer/cli/command.h"
#include "tracer/cli/command_options.h"
#include "tracer/cli/profiles/profile_files.h"

static const char doc[] = "Lists the profiles of the current directory: index, file, time and date "
			  "of the start, and what was measured if not RSS.\v"
			  "The index can be given to plot, peak and rm; -1 is the newest.";

/* mprofile_YYYYMMDDhhmmss.dat, as mprof prints it; and what it measures, unless that is RSS. */
static void print_entry(size_t index, const char *path)
{
	const char *t = strchr(path, '_') + 1;
	char metric[METRIC_LABEL_BYTES];

	printf("%zu ", index);
	text_put_printable(stdout, path);
	printf(" %.2s:%.2s:%.2s %.2s/%.2s/%.4s", t + 8, t + 10, t + 12, t + 6, t + 4, t);
	metric_label_of_file(path, metric);
	/* mprof knows resident memory only, or does not say. */
	if (metric[0] != '\0' && strcmp(metric, metric_traits(METRIC_RSS)->title) != 0)
		printf(" %s", metric);
	putchar('\n');
}

static struct error *list_run(int argc, char **argv, int *ret_status)
{
	static const struct argp argp = { .doc = doc };
	struct profile_files files = { 0 };

	struct error *err = command_options_parse(&argp, argc, argv, 0, NULL);
	if (err == NULL)
		err = profile_files_list(&files);
	for (size_t i = 0; err == NULL && i < files.count; i++)
		print_entry(i, files.paths[i]);
	profile_files_deinit(&files);
	*ret_status = EXIT_SUCCESS;
	return err;
}

const struct command cmd_list = { "list", "List the profiles of this directory", list_run };
