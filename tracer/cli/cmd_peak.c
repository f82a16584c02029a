/* mprof-trace peak: the greatest memory use of a profile, or of one function (cli layer). */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plot/parts/part_list.h"
#include "plot/profile/metric_label.h"
#include "plot/profile/profile_peak.h"
#include "plot/records/profile_reader.h"
#include "plot/stacks/peak_table.h"
#include "plot/totals/function_peak.h"
#include "plot/totals/tree_sum.h"
#include "symbols/pattern/pattern.h"
#include "tracer/base/metric.h"
#include "tracer/base/utf8.h"
#include "tracer/cli/command.h"
#include "tracer/cli/profiles/profile_files.h"
#include "tracer/cli/terminal/terminal_width.h"

struct peak_command {
	const char *function;	      /* NULL: of the whole profile */
	struct pattern_set *patterns; /* the same, parsed */
	bool wants_stacks;	      /* what stood and ran then, too */
	bool sums_tree;		      /* of all processes together, in place of the main one */
	struct profile_files files;
};

enum { KEY_PEAK_FUNC = 256, KEY_PEAK_STACK };

static const struct argp_option argp_options[] = {
	{ "include-children", 'C', NULL, 0,
	  "Peak of all processes together, whatever the run was asked for", 0 },
	{ "func", KEY_PEAK_FUNC, "PATTERN[,...]", 0,
	  "Peak while one of the functions that match, as in run -f, was running", 0 },
	{ "stack", KEY_PEAK_STACK, NULL, 0,
	  "Also the stacks that were recorded at the peak, with run --stacks=peak", 0 },
	{ 0 },
};

static const char doc[] =
	"Prints the peak memory of profiles and of their child processes: the kernel's own "
	"high-water mark where the profile has it, else the highest sample.\v"
	"A profile is a file, or an index as 'mprof-trace list' shows it; -1 is the newest, which "
	"is also the default.";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct peak_command *command = state->input;

	switch (key) {
	case KEY_PEAK_FUNC:
		command->function = arg;
		return 0;
	case KEY_PEAK_STACK:
		command->wants_stacks = true;
		return 0;
	case 'C':
		command->sums_tree = true;
		return 0;
	case ARGP_KEY_ARG:
		profile_files_add_argument(&command->files, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static double process_peak_mib(const struct profile *profile, size_t process)
{
	const struct profile_process *one = &profile->processes[process];
	bool is_exact, is_seen = one->highest_ns != PROFILE_TIME_UNKNOWN;

	return profile_peak_mib(profile, process,
				is_seen ? one->highest_mib : one->series.highest_mib, &is_exact);
}

/* The highest of a process during calls of the functions that are wanted; negative: there is none. */
static struct error *wanted_peak_mib(const struct peak_command *command,
				     const struct profile *profile, size_t process, double *ret)
{
	/* A name as the profile has it may be of a language whose names are no patterns. */
	const struct profile_function *exact = profile_find_function(profile, command->function);
	struct series_peaks peaks = { 0 };

	struct error *err = series_peaks_build(&peaks, &profile->processes[process].series);
	*ret = -1;
	for (size_t i = 0; err == NULL && i < profile->function_count; i++) {
		const struct profile_function *function = &profile->functions[i];
		bool is_wanted = exact ? function == exact
				       : pattern_set_wants_label(command->patterns, function->name);
		double peak_mib =
			is_wanted ? function_peak_mib(profile, process, &peaks, function) : -1;
		if (peak_mib > *ret)
			*ret = peak_mib;
	}
	series_peaks_deinit(&peaks);
	return err;
}

/* " (PSS)"; nothing for the resident set, whose line is then mprof's own. */
static void format_unit(const char *metric, char ret[static METRIC_LABEL_BYTES + 4])
{
	bool is_plain = metric[0] == '\0' || strcmp(metric, metric_traits(METRIC_RSS)->title) == 0;

	ret[0] = '\0';
	if (!is_plain)
		snprintf(ret, METRIC_LABEL_BYTES + 4, " (%s)", metric);
}

/* What its memory was made of at its highest sample. */
static struct error *print_parts(const struct peak_command *command, const struct profile *profile,
				 size_t process, const char *indent)
{
	enum { NAMED = 12 };
	struct part_list list;

	if (command->function != NULL || profile->processes[process].series.count == 0)
		return NULL;
	struct error *err = part_list_init(&list, profile, process,
					   profile->processes[process].series.highest_ns);
	if (err != NULL || list.count == 0)
		return err;
	char *text = part_list_format(&list, NAMED);
	part_list_deinit(&list);
	if (text == NULL)
		return error_no_memory();
	printf("%sat the peak: ", indent);
	text_put_printable(stdout, text);
	putchar('\n');
	free(text);
	return NULL;
}

/* mprof's line; and what the child had in its calls, which mprof does not know of. */
static struct error *print_child(const struct peak_command *command, const struct profile *profile,
				 size_t process, const char *unit)
{
	double in_calls_mib = -1;

	if (command->function != NULL) {
		struct error *err = wanted_peak_mib(command, profile, process, &in_calls_mib);
		if (err != NULL)
			return err;
	}
	printf("  Child %d\t\t\t%.3f MiB%s", (int)profile->processes[process].pid,
	       process_peak_mib(profile, process), unit);
	if (in_calls_mib >= 0)
		printf(", %.3f MiB%s in these calls", in_calls_mib, unit);
	putchar('\n');
	return print_parts(command, profile, process, "    ");
}

/* mprof's lines, also "NaN MiB" for a function that is not in the profile. */
static struct error *print_peaks(const struct peak_command *command, const struct profile *profile)
{
	char metric[METRIC_LABEL_BYTES], unit[METRIC_LABEL_BYTES + 4];
	double peak_mib = process_peak_mib(profile, 0);
	struct error *err = NULL;

	metric_label(profile, metric);
	format_unit(metric, unit);
	if (command->function != NULL)
		err = wanted_peak_mib(command, profile, 0, &peak_mib);
	if (err != NULL)
		return err;
	text_put_printable(stdout, profile->path);
	if (peak_mib < 0) {
		printf("\tNaN MiB\n");
		return NULL;
	}
	printf("\t%.3f MiB%s\n", peak_mib, unit);
	err = print_parts(command, profile, 0, "  ");
	metric_label_single(profile, metric);
	format_unit(metric, unit);
	for (size_t i = 1; err == NULL && i < profile->process_count; i++) {
		const struct profile_process *child = &profile->processes[i];
		if (child->series.count > 0 || child->exact_peak_mib >= 0)
			err = print_child(command, profile, i, unit);
	}
	return err;
}

/*
 * Without functions the highest of all samples is enough, which any series knows; a sum needs some more. Where the
 * kernel keeps no peaks, what was read at the entries and ends of calls counts as well.
 */
static struct error *read_file(const struct peak_command *command, const char *path,
			       bool needs_calls, struct profile *ret)
{
	enum { LEAST_SAMPLES = 64, SUMMED_SAMPLES = 1 << 15 };
	const struct series_range range = {
		INT64_MIN,
		INT64_MAX,
		command->sums_tree ? SUMMED_SAMPLES : LEAST_SAMPLES,
	};
	const struct profile_reading reading = {
		.range = command->function != NULL ? NULL : &range,
		.skips_calls = command->function == NULL && !needs_calls,
	};

	return profile_read_with(ret, path, &reading);
}

/* What a pipe has given it does not give again. */
static bool is_to_be_read_again(const struct peak_command *command, const struct profile *profile)
{
	struct stat status;

	return command->function == NULL && !metric_has_peak(profile) && !profile->is_tree &&
	       stat(profile->path, &status) == 0 && S_ISREG(status.st_mode);
}

/* None of them is a mistake of the user's, who would look for them in vain. */
static struct error *print_stacks(const struct profile *profile)
{
	bool is_any;

	struct error *err = peak_table_write(profile, terminal_width(), stdout, &is_any);
	if (err != NULL || is_any)
		return err;
	return error_new(ERR_FAILED, "%s holds no stacks of peaks: record it with --stacks=peak",
			 profile->path);
}

static struct error *print_file(const struct peak_command *command, const char *path)
{
	struct profile profile;
	struct error *err = read_file(command, path, false, &profile);
	if (err != NULL)
		return err;
	if (is_to_be_read_again(command, &profile)) {
		profile_deinit(&profile);
		err = read_file(command, path, true, &profile);
		if (err != NULL)
			return err;
	}
	profile_warn_damage(&profile);
	if (command->sums_tree)
		err = profile_make_tree(&profile, true);
	if (err == NULL)
		err = print_peaks(command, &profile);
	if (err == NULL && command->wants_stacks)
		err = print_stacks(&profile);
	profile_deinit(&profile);
	return err;
}

static struct error *parse_function(struct peak_command *command)
{
	struct error *err = pattern_set_create(&command->patterns);

	if (err == NULL)
		err = pattern_set_add(command->patterns, command->function);
	return err ? err : pattern_set_check_labels(command->patterns);
}

static const struct argp argp = {
	argp_options, parse_option, "[FILE|INDEX...]", doc, NULL, NULL, NULL,
};

static struct error *peak_run(int argc, char **argv, int *ret_status)
{
	struct peak_command command = { 0 };

	struct error *err = profile_files_parse(&command.files, &argp, argc, argv, &command);
	if (err == NULL && command.function != NULL)
		err = error_context(parse_function(&command), "--func");
	if (err == NULL && command.files.count == 0) {
		err = profile_files_add_newest(&command.files);
		if (err == NULL)
			printf("Using last profile data.\n");
	}
	for (size_t i = 0; err == NULL && i < command.files.count; i++)
		err = print_file(&command, command.files.paths[i]);
	if (err == NULL && (fflush(stdout) != 0 || ferror(stdout)))
		err = error_os(errno, "cannot write the peaks");
	pattern_set_destroy(command.patterns);
	profile_files_deinit(&command.files);
	*ret_status = EXIT_SUCCESS;
	return err;
}

const struct command cmd_peak = { "peak", "Print the peak memory of a profile", peak_run, &argp };
