/* mprof-trace lines: what each line of a function gained (cli layer). */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plot/lines/line_table.h"
#include "plot/records/profile_reader.h"
#include "tracer/base/array.h"
#include "tracer/base/log.h"
#include "tracer/base/quantity.h"
#include "tracer/cli/command.h"
#include "tracer/cli/lines/lines_recording.h"
#include "tracer/cli/options/command_options.h"
#include "tracer/cli/profiles/profile_files.h"
#include "tracer/cli/record/program_options.h"

/* Keys of options without a letter. */
enum { OPTION_SOURCE_DIR = 256, OPTION_PRECISION, OPTION_JSON };

struct lines_command {
	struct program_options program; /* its words may be profiles, too */
	const char **source_dirs;
	size_t source_dir_count, source_dir_capacity;
	unsigned precision;
	bool is_json;
	size_t missing_count; /* source files that could not be had */
};

static const struct argp_option argp_options[] = {
	{ "source-dir", OPTION_SOURCE_DIR, "DIR", 0,
	  "Look for source files in DIR first, by all of their path or an end of it; may be "
	  "repeated",
	  0 },
	{ "precision", OPTION_PRECISION, "N", 0, "Print N decimals (0 to 6; default 1)", 0 },
	{ "json", OPTION_JSON, NULL, 0,
	  "Print all figures as JSON; what PROGRAM writes to stdout goes to stderr", 0 },
	{ 0 },
};

static const char lines_doc[] =
	"Runs PROGRAM and prints for each line of the functions of -f how often it ran and how "
	"much "
	"memory it gained; or prints that of profiles that were recorded with lines.\v"
	"Nothing is kept of the recording, but with --output. The exit status is that of PROGRAM, "
	"as with run.";

static struct error *add_source_dir(struct lines_command *command, const char *dir)
{
	struct stat status;

	if (stat(dir, &status) != 0 || !S_ISDIR(status.st_mode))
		return error_new(ERR_USAGE, "--source-dir %s: there is no such directory", dir);
	struct error *err =
		array_reserve(&command->source_dirs, &command->source_dir_capacity,
			      command->source_dir_count + 1, sizeof(*command->source_dirs));
	if (err == NULL)
		command->source_dirs[command->source_dir_count++] = dir;
	return err;
}

static struct error *parse_precision(const char *text, unsigned *ret)
{
	uint64_t number;

	if (!quantity_parse_whole(text, &number) || number > LINE_PRECISION_MOST)
		return error_new(ERR_USAGE, "--precision %s: give a whole number from 0 to %d",
				 text, LINE_PRECISION_MOST);
	*ret = (unsigned)number;
	return NULL;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct lines_command *command = state->input;
	struct recording_options *recording = &command->program.recording;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &command->program;
		return 0;
	case OPTION_SOURCE_DIR:
		if (recording->err == NULL)
			recording->err = add_source_dir(command, arg);
		return 0;
	case OPTION_PRECISION:
		if (recording->err == NULL)
			recording->err = parse_precision(arg, &command->precision);
		return 0;
	case OPTION_JSON:
		command->is_json = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child argp_children[] = { { .argp = &program_argp }, { 0 } };
static const struct argp lines_argp_all = {
	argp_options, parse_option, "FILE...\nPROGRAM [ARG...]", lines_doc, argp_children,
	NULL,	      NULL,
};

static bool is_wanted(void *data, const char *name)
{
	const struct lines_command *command = data;
	const struct pattern_set *patterns = command->program.recording.patterns;

	return pattern_set_count(patterns) == 0 || pattern_set_wants_label(patterns, name);
}

/* Of a program there may be a hundred files that nobody has: of its libraries, its language. */
static void note_source(void *data, const char *path, const char *what, bool is_missing)
{
	struct lines_command *command = data;

	/* What an interpreter has within itself is no file: "<frozen importlib._bootstrap>", "<string>". */
	if (path[0] == '<')
		return;
	if (!is_missing)
		log_warning("%s: %s", path, what);
	else if (command->missing_count++ == 0)
		log_warning("%s: %s; --source-dir says where sources are", path, what);
}

static void tell_missing(const struct lines_command *command)
{
	if (command->missing_count > 1)
		log_warning("so it is with %zu other source file%s", command->missing_count - 1,
			    command->missing_count == 2 ? "" : "s");
}

/* The recording has said what else is missing. */
static void tell_uncalled(const struct profile *profile)
{
	for (size_t i = 0; i < profile->missed_count; i++) {
		if (strcmp(profile->missed[i].reason, PROFILE_NEVER_CALLED) == 0)
			log_warning("%s: no line of it ran: it was never called",
				    profile->missed[i].pattern);
	}
}

/* @is_new: we have just recorded it, for the functions of -f. *@ret_count: how many are printed. */
static struct error *print_profile(struct lines_command *command, const char *path, bool is_new,
				   size_t *ret_count)
{
	enum { LEAST_SAMPLES = 64 };
	const struct series_range range = { INT64_MIN, INT64_MAX, LEAST_SAMPLES };
	const struct profile_reading reading = { .range = &range, .skips_calls = true };
	struct source_store *sources;
	struct profile profile;

	struct error *err = profile_read_with(&profile, path, &reading);
	if (err != NULL)
		return err;
	err = source_store_create(command->source_dirs, command->source_dir_count, &sources);
	if (err != NULL) {
		profile_deinit(&profile);
		return err;
	}
	const struct line_table table = {
		.profile = &profile,
		.sources = sources,
		.precision = command->precision,
		.wants = is_new ? NULL : is_wanted,
		.data = command,
		.note_source = note_source,
	};
	profile_warn_damage(&profile);
	if (is_new)
		tell_uncalled(&profile);
	command->missing_count = 0;
	*ret_count = line_table_count(&table);
	err = command->is_json ? line_table_write_json(&table, stdout, "stdout")
			       : line_table_print(&table, stdout, "stdout");
	tell_missing(command);
	source_store_destroy(sources);
	profile_deinit(&profile);
	return err;
}

static struct error *print_files(struct lines_command *command, const struct profile_files *files)
{
	const struct session_options *session = &command->program.recording.session;
	struct error *err = NULL;

	if (session->output != NULL)
		return error_new(ERR_USAGE, "-o %s: there is nothing to be recorded",
				 session->output);
	if (pattern_set_count(command->program.recording.patterns) > 0)
		err = pattern_set_check_labels(command->program.recording.patterns);
	for (size_t i = 0; err == NULL && i < files->count; i++) {
		size_t count = 0;
		err = print_profile(command, files->paths[i], false, &count);
		if (err == NULL && count == 0)
			err = error_new(ERR_FAILED,
					"%s has no lines%s: record with lines, or run --lines",
					files->paths[i],
					pattern_set_count(command->program.recording.patterns) > 0
						? " of these functions"
						: "");
	}
	return err;
}

static struct error *record(struct lines_command *command, bool *ret_is_engine, int *ret_status)
{
	struct session_options *session = &command->program.recording.session;
	struct lines_recording recording;
	struct stat status;
	size_t count;

	session->command = command->program.words;
	if (session->output != NULL && stat(session->output, &status) == 0 &&
	    !S_ISREG(status.st_mode))
		return error_new(
			ERR_USAGE,
			"-o %s: what was recorded is read again, which needs a regular file",
			session->output);
	if (command->program.recording.is_live)
		return error_new(ERR_USAGE, "lines has no live view: run --live --lines has");
	if (command->is_json)
		session->launch_context.standard_fds[STDOUT_FILENO] = STDERR_FILENO;
	struct error *err = program_choose_python(&command->program.python, session);
	if (err != NULL)
		return err;
	err = lines_recording_make(&recording, session, ret_status);
	*ret_is_engine = recording.is_engine;
	/* Whatever has become of the recording, what was written of it is whole. */
	if (!recording.is_engine && recording.path[0] != '\0')
		err = error_first(err, print_profile(command, recording.path, true, &count));
	lines_recording_deinit(&recording);
	return program_explain(err, command->program.words[0]);
}

/* Profiles, all of them, or a program. None at all: the newest profile here. */
static struct error *find_files(const struct lines_command *command, struct profile_files *ret)
{
	struct error *err = NULL;

	if (command->program.words == NULL)
		return pattern_set_count(command->program.recording.patterns) == 0
			       ? profile_files_add_newest(ret)
			       : error_new(ERR_USAGE, "which PROGRAM is to be run?");
	if (!profile_is_profile(command->program.words[0]))
		return pattern_set_count(command->program.recording.patterns) > 0
			       ? NULL
			       : error_new(ERR_USAGE,
					   "%s is no profile; to run it, name functions with -f",
					   command->program.words[0]);
	for (size_t i = 0; err == NULL && i < command->program.word_count; i++)
		err = profile_files_append(ret, command->program.words[i]);
	return err;
}

static struct error *lines_run(int argc, char **argv, int *ret_status)
{
	struct lines_command command = { .precision = 1 };
	struct profile_files files = { 0 };
	bool is_engine = false;

	struct error *err = program_options_init(&command.program);
	if (err != NULL)
		return err;
	log_set_level(LOG_WARNINGS); /* -q and -v say otherwise */
	err = command_options_parse(&lines_argp_all, argc, argv, ARGP_IN_ORDER, &command);
	if (err == NULL && command.program.recording.err == NULL)
		err = find_files(&command, &files);
	command.program.recording.lines.is_wanted = files.count == 0;
	err = error_first(err, recording_options_finish(&command.program.recording));
	if (err == NULL)
		err = files.count > 0 ? print_files(&command, &files)
				      : record(&command, &is_engine, ret_status);
	profile_files_deinit(&files);
	free(command.source_dirs);
	program_options_deinit(&command.program);
	return err;
}

const struct command cmd_lines = { "lines", "Print what each line of a function gained", lines_run,
				   &lines_argp_all };
