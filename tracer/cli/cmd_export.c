/* mprof-trace export: a profile for other programs (cli layer). */
#include <argp.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/export/export.h"
#include "plot/records/profile_reader.h"
#include "plot/text/text.h"
#include "tracer/base/log.h"
#include "tracer/base/output_file.h"
#include "tracer/cli/command.h"
#include "tracer/cli/profiles/profile_files.h"

/* Trace viewers in a browser fail at some times as much. */
static const uint64_t MOST_BYTES = 200 * 1000 * 1000;

struct export_command {
	struct profile_files files;
	const char *output; /* NULL: standard output */
	const char *by;	    /* of --folded; NULL: not said */
	int format;	    /* its option's key; 0: not said */
	bool is_unclear;    /* more than one format */
	bool is_all, has_calls, has_parts, has_companions, has_lines, has_stacks;
};

enum {
	KEY_CSV = 256,
	KEY_JSON,
	KEY_CHROME,
	KEY_SPEEDSCOPE,
	KEY_FOLDED,
	KEY_CALLS,
	KEY_PARTS,
	KEY_WITH,
	KEY_LINES,
	KEY_BY,
	KEY_STACKS,
	KEY_ALL,
};

static const struct argp_option argp_options[] = {
	{ "csv", KEY_CSV, NULL, 0, "A table of samples: time, pid, process, MiB", 1 },
	{ "json", KEY_JSON, NULL, 0, "All of the profile as one JSON object", 1 },
	{ "chrome", KEY_CHROME, NULL, 0, "A trace for Perfetto and chrome://tracing", 1 },
	{ "speedscope", KEY_SPEEDSCOPE, NULL, 0, "Calls for speedscope, a profile a thread", 1 },
	{ "folded", KEY_FOLDED, NULL, 0, "Stacks of calls for flame graphs", 1 },
	{ "calls", KEY_CALLS, NULL, 0, "With --csv: a table of calls", 2 },
	{ "parts", KEY_PARTS, NULL, 0,
	  "With --csv: a table of what memory was made of (run --split)", 2 },
	{ "with", KEY_WITH, NULL, 0,
	  "With --csv: a table of what was recorded beside memory (run --with)", 2 },
	{ "lines", KEY_LINES, NULL, 0, "With --csv: a table of lines (run --lines)", 2 },
	{ "by", KEY_BY, "WHAT", 0,
	  "With --folded: time (the default) or memory gained; or growth, of run --stacks=growth",
	  2 },
	{ "stacks", KEY_STACKS, NULL, 0,
	  "With --folded: whole stacks, as run --stacks has recorded them", 2 },
	{ "output", 'o', "FILE", 0, "Write to FILE; -, the default, is standard output", 3 },
	{ "all", KEY_ALL, NULL, 0, "Also what is larger than 200 MB", 3 },
	{ 0 },
};

static const char doc[] =
	"Writes a profile in a format that other programs read.\v"
	"A profile is a file, or an index as 'mprof-trace list' shows it; -1 is the newest, which "
	"is also the default. What would be larger than 200 MB is reduced, and that is said.";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct export_command *command = state->input;

	switch (key) {
	case KEY_CSV:
	case KEY_JSON:
	case KEY_CHROME:
	case KEY_SPEEDSCOPE:
	case KEY_FOLDED:
		command->is_unclear |= command->format != 0 && command->format != key;
		command->format = key;
		return 0;
	case KEY_CALLS:
		command->has_calls = true;
		return 0;
	case KEY_PARTS:
		command->has_parts = true;
		return 0;
	case KEY_WITH:
		command->has_companions = true;
		return 0;
	case KEY_LINES:
		command->has_lines = true;
		return 0;
	case KEY_STACKS:
		command->has_stacks = true;
		return 0;
	case KEY_BY:
		command->by = arg;
		return 0;
	case 'o':
		command->output = strcmp(arg, "-") == 0 ? NULL : arg;
		return 0;
	case KEY_ALL:
		command->is_all = true;
		return 0;
	case ARGP_KEY_ARG:
		profile_files_add_argument(&command->files, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static struct error *choose_kind(const struct export_command *command, enum export_kind *ret)
{
	bool is_memory = command->by != NULL && strcmp(command->by, "memory") == 0;
	bool is_growth = command->by != NULL && strcmp(command->by, "growth") == 0;

	if (command->format == 0)
		return error_new(ERR_USAGE, "choose a format: --csv, --json, --chrome, "
					    "--speedscope or --folded");
	if (command->is_unclear)
		return error_new(ERR_USAGE, "one format at a time");
	if (command->has_calls && command->format != KEY_CSV)
		return error_new(ERR_USAGE, "--calls is for --csv: the other formats have calls");
	if ((command->has_parts || command->has_companions || command->has_lines) &&
	    command->format != KEY_CSV)
		return error_new(ERR_USAGE, "--parts, --with and --lines are for --csv");
	if (command->has_calls + command->has_parts + command->has_companions + command->has_lines >
	    1)
		return error_new(ERR_USAGE, "choose one of --calls, --parts, --with and --lines");
	if (command->by != NULL && command->format != KEY_FOLDED)
		return error_new(ERR_USAGE, "--by is for --folded");
	if (command->has_stacks && command->format != KEY_FOLDED)
		return error_new(ERR_USAGE, "--stacks is for --folded");
	if (command->by != NULL && !is_memory && !is_growth && strcmp(command->by, "time") != 0)
		return error_new(ERR_USAGE, "--by %s: choose time, memory or growth", command->by);
	if (command->has_stacks && is_growth)
		return error_new(ERR_USAGE, "--stacks is for time and memory; growth is of whole "
					    "stacks anyhow");
	switch (command->format) {
	case KEY_CSV:
		*ret = command->has_calls	 ? EXPORT_CSV_CALLS
		       : command->has_parts	 ? EXPORT_CSV_PARTS
		       : command->has_companions ? EXPORT_CSV_COMPANIONS
		       : command->has_lines	 ? EXPORT_CSV_LINES
						 : EXPORT_CSV_SAMPLES;
		break;
	case KEY_JSON:
		*ret = EXPORT_JSON;
		break;
	case KEY_CHROME:
		*ret = EXPORT_CHROME;
		break;
	case KEY_SPEEDSCOPE:
		*ret = EXPORT_SPEEDSCOPE;
		break;
	default:
		*ret = is_memory   ? EXPORT_FOLDED_MEMORY
		       : is_growth ? EXPORT_FOLDED_GROWTH
				   : EXPORT_FOLDED_TIME;
		if (command->has_stacks)
			*ret = is_memory ? EXPORT_STACKS_MEMORY : EXPORT_STACKS_TIME;
	}
	return NULL;
}

/* Without --stacks of the run there is nothing to write. */
static struct error *check_stacks(const struct profile *profile, enum export_kind kind)
{
	const struct profile_stacks *stacks = &profile->stacks;

	for (size_t i = 0; i < stacks->met_count; i++) {
		if (stacks->met[i].why == STACK_AT_ENTRY ||
		    (stacks->met[i].state == STACK_GREW && kind == EXPORT_STACKS_MEMORY))
			return NULL;
	}
	return error_new(ERR_FAILED, "%s holds no such stacks: record it with %s", profile->path,
			 kind == EXPORT_STACKS_MEMORY ? "--stacks=peak or --stacks=calls"
						      : "--stacks=calls");
}

/* These formats hold nothing else, and their readers take a file of nothing for a broken one. */
static struct error *check_calls(const struct profile *profile, enum export_kind kind)
{
	bool needs_calls = kind == EXPORT_SPEEDSCOPE || kind == EXPORT_FOLDED_TIME ||
			   kind == EXPORT_FOLDED_MEMORY;

	if (kind == EXPORT_FOLDED_GROWTH && profile->stacks.grown_count == 0)
		return error_new(ERR_FAILED, "%s holds no growth: record it with --stacks=growth",
				 profile->path);
	for (size_t i = 0; needs_calls && i < profile->function_count; i++) {
		if (profile->functions[i].call_count + profile->functions[i].condensed_count > 0)
			return NULL;
	}
	if (!needs_calls)
		return NULL;
	return error_new(ERR_FAILED,
			 "%s holds no call: record some with -f; --csv, --json and --chrome "
			 "export its samples",
			 profile->path);
}

/* One line: how large it would have been, and what is not there. */
static void tell_reduction(const struct export_reduction *reduction)
{
	char part[4][128] = { "", "", "", "" }, figure[TEXT_FIGURE_BYTES];

	if (!reduction->is_reduced)
		return;
	if (reduction->column_ns > 0) {
		text_format_duration(figure, reduction->column_ns);
		snprintf(part[0], sizeof(part[0]),
			 "; of samples the lowest and the highest of each %s", figure);
	}
	if (reduction->dropped_calls > 0) {
		text_format_duration(figure, reduction->dropped_ns);
		snprintf(part[1], sizeof(part[1]), "; without %" PRIu64 " calls shorter than %s",
			 reduction->dropped_calls, figure);
	}
	if (reduction->dropped_marks > 0)
		snprintf(part[2], sizeof(part[2]), "; without %" PRIu64 " passed probes",
			 reduction->dropped_marks);
	if (reduction->deepest > 0)
		snprintf(part[3], sizeof(part[3]), "; stacks end at %" PRIu32 " calls",
			 reduction->deepest);
	log_warning("reduced to %" PRIu64 " MB%s%s%s%s (--all writes everything)",
		    MOST_BYTES / 1000000, part[0], part[1], part[2], part[3]);
}

static struct error *write_standard_output(const struct export_source *source,
					   enum export_kind kind, uint64_t most_bytes,
					   struct export_reduction *reduction)
{
	/* Whoever reads may end first: a message, not a death without a word. */
	signal(SIGPIPE, SIG_IGN);
	return error_context(export_write(source, kind, most_bytes, stdout, reduction),
			     "cannot write the export");
}

static struct error *write_file(const struct export_source *source, enum export_kind kind,
				uint64_t most_bytes, const char *path,
				struct export_reduction *reduction)
{
	char target[PATH_MAX];
	struct output_file file;
	struct error *err = output_file_check(path, profile_is_profile, target);
	if (err != NULL)
		return err;
	err = output_file_open(&file, target);
	if (err == NULL) {
		err = export_write(source, kind, most_bytes, file.out, reduction);
		if (err == NULL)
			err = output_file_commit(&file);
		else
			output_file_discard(&file);
	}
	return error_context(err, "cannot write %s", path);
}

static struct error *export_file(const struct export_command *command, enum export_kind kind)
{
	uint64_t most_bytes = command->is_all ? 0 : MOST_BYTES;
	struct export_reduction reduction = { 0 };
	struct export_source source;
	struct error *err = export_source_open(&source, command->files.paths[0]);
	if (err != NULL)
		return err;
	profile_warn_damage(&source.profile);
	bool wants_stacks = kind == EXPORT_STACKS_TIME || kind == EXPORT_STACKS_MEMORY;
	err = wants_stacks ? check_stacks(&source.profile, kind)
			   : check_calls(&source.profile, kind);
	if (err == NULL && command->output == NULL)
		err = write_standard_output(&source, kind, most_bytes, &reduction);
	else if (err == NULL)
		err = write_file(&source, kind, most_bytes, command->output, &reduction);
	if (err == NULL)
		tell_reduction(&reduction);
	export_source_close(&source);
	return err;
}

static const struct argp argp = {
	argp_options, parse_option, "[FILE|INDEX]", doc, NULL, NULL, NULL,
};

static struct error *export_run(int argc, char **argv, int *ret_status)
{
	struct export_command command = { 0 };
	enum export_kind kind = EXPORT_KINDS;

	struct error *err = profile_files_parse(&command.files, &argp, argc, argv, &command);
	if (err == NULL)
		err = choose_kind(&command, &kind);
	if (err == NULL && command.files.count > 1)
		err = error_new(ERR_USAGE, "one profile at a time");
	if (err == NULL && command.files.count == 0)
		err = profile_files_add_newest(&command.files);
	if (err == NULL)
		err = export_file(&command, kind);
	profile_files_deinit(&command.files);
	*ret_status = EXIT_SUCCESS;
	return err;
}

const struct command cmd_export = { "export", "Write a profile for other programs", export_run,
				    &argp };
