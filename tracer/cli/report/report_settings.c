/* The options of mprof-trace report; see report_settings.h. Cli layer. */
#include "tracer/cli/report/report_settings.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/quantity.h"
#include "tracer/cli/profiles/rank_files.h"
#include "tracer/cli/terminal/terminal_width.h"

enum {
	KEY_PROCESSES = 256,
	KEY_PARTS,
	KEY_BY,
	KEY_THREADS,
	KEY_CALLS,
	KEY_PID,
	KEY_SORT,
	KEY_TOP,
	KEY_CSV,
	KEY_JSON
};

static const struct argp_option argp_options[] = {
	{ "processes", KEY_PROCESSES, NULL, 0, "Only the table of processes", 0 },
	{ "parts", KEY_PARTS, NULL, 0,
	  "Only the table of what memory was made of, of a recording with --split", 0 },
	{ "threads", KEY_THREADS, NULL, 0, "Only the table of threads that made calls", 0 },
	{ "calls", KEY_CALLS, NULL, 0, "Only single calls, indented by what they lie within", 0 },
	{ "by", KEY_BY, "function|growth|rank|host", 0,
	  "Only the table by function; or who grew it, by growth, of a recording with "
	  "--stacks=growth; of a directory of ranks also by rank or host",
	  0 },
	{ "func", 'f', "PATTERN[,...]", 0, "Only the functions that match, as in run -f", 0 },
	{ "pid", KEY_PID, "PID[,...]", 0, "Only these processes", 0 },
	{ "window", 'w', "A,B", 0, "Only what was between A and B, in seconds from the start", 0 },
	{ "include-children", 'C', NULL, 0,
	  "For the main process, the sum of all processes, whatever the run was asked for", 0 },
	{ "sort", KEY_SORT, "COLUMN", 0, "Rows in the order of this column", 0 },
	{ "top", KEY_TOP, "N", 0, "Only the first N rows of each table", 0 },
	{ "csv", KEY_CSV, NULL, 0, "Write one table as CSV, with all columns", 0 },
	{ "json", KEY_JSON, NULL, 0, "Write JSON, with all columns", 0 },
	{ 0 },
};

static const char doc[] =
	"Prints what a profile's figures are: for each function its calls, times and memory, for "
	"each process its life and its peaks.\v"
	"A profile is a file, or an index as 'mprof-trace list' shows it; -1 is the newest, which "
	"is also the default. A directory holds the profiles of the ranks of a parallel job: what "
	"they come to is printed.";

static struct error *parse_top(struct report_options *options, const char *text)
{
	uint64_t number;

	if (!quantity_parse_whole(text, &number) || number == 0)
		return error_new(ERR_USAGE, "--top %s: give a number of rows", text);
	options->top = (size_t)number;
	return NULL;
}

static struct error *parse_window(struct report_options *options, const char *text)
{
	options->has_window = true;
	return time_window_parse(text, &options->from_ns, &options->to_ns);
}

static struct error *parse_by(struct report_settings *settings, const char *text)
{
	if (strcmp(text, "growth") == 0)
		settings->options.wants[REPORT_GROWTH] = true;
	else if (strcmp(text, "function") == 0)
		settings->options.wants[REPORT_FUNCTIONS] = true;
	else if (strcmp(text, "rank") == 0)
		settings->ranks.wants_ranks = true;
	else if (strcmp(text, "host") == 0)
		settings->ranks.wants_hosts = true;
	else
		return error_new(ERR_USAGE, "--by %s: say function, growth, rank or host", text);
	return NULL;
}

static error_t parse_table(struct report_settings *settings, int key)
{
	switch (key) {
	case KEY_PROCESSES:
		settings->options.wants[REPORT_PROCESSES] = true;
		return 0;
	case KEY_PARTS:
		settings->options.wants[REPORT_PARTS] = true;
		return 0;
	case KEY_THREADS:
		settings->options.wants[REPORT_THREADS] = true;
		return 0;
	case KEY_CALLS:
		settings->options.wants[REPORT_CALLS] = true;
		return 0;
	case KEY_CSV:
		settings->is_csv = true;
		return 0;
	case KEY_JSON:
		settings->is_json = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct report_settings *settings = state->input;

	if (settings->err != NULL)
		return 0;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &settings->ranks;
		return 0;
	case 'f':
		settings->err = profile_selection_add_functions(&settings->selection, arg);
		return 0;
	case KEY_PID:
		settings->err = profile_selection_add_pids(&settings->selection, arg);
		return 0;
	case 'w':
		settings->err = parse_window(&settings->options, arg);
		return 0;
	case 'C':
		settings->sums_tree = true;
		return 0;
	case KEY_BY:
		settings->err = parse_by(settings, arg);
		return 0;
	case KEY_SORT:
		settings->options.sort = arg;
		return 0;
	case KEY_TOP:
		settings->err = parse_top(&settings->options, arg);
		return 0;
	case ARGP_KEY_ARG:
		settings->err = profile_files_add(&settings->files, arg);
		return 0;
	default:
		return parse_table(settings, key);
	}
}

static const struct argp_child children[] = {
	{ &ranks_options_argp, 0, "Of a directory of ranks:", 0 },
	{ 0 },
};

const struct argp report_settings_argp = {
	argp_options, parse_option, "[FILE|INDEX|DIRECTORY...]", doc, children, NULL, NULL,
};

/* Without a word of tables: functions and processes; of CSV, which has one table, functions. */
static void choose_tables(struct report_options *options)
{
	for (size_t i = 0; i < REPORT_TABLES; i++) {
		if (options->wants[i])
			return;
	}
	options->wants[REPORT_FUNCTIONS] = true;
	options->wants[REPORT_PROCESSES] = options->format != REPORT_CSV;
	options->wants[REPORT_PARTS] = options->format == REPORT_JSON;
	options->wants[REPORT_THREADS] = options->format == REPORT_JSON;
}

/* One directory by itself, whose tables are its own. */
static struct error *check_ranks(struct report_settings *settings)
{
	const struct profile_files *files = &settings->files;

	for (size_t i = 0; i < files->count; i++)
		settings->is_of_ranks =
			settings->is_of_ranks || rank_files_is_directory(files->paths[i]);
	if (settings->is_of_ranks && files->count > 1)
		return error_new(ERR_USAGE, "a directory of ranks is reported by itself: leave "
					    "the other profiles out");
	if (settings->is_of_ranks)
		return NULL;
	const char *given = settings->ranks.wants_ranks	  ? "--by rank"
			    : settings->ranks.wants_hosts ? "--by host"
							  : settings->ranks.given;
	if (given == NULL)
		return NULL;
	return error_new(ERR_USAGE, "%s is of a directory of ranks: name one", given);
}

static struct error *choose_format(struct report_settings *settings)
{
	if (settings->is_csv && settings->is_json)
		return error_new(ERR_USAGE, "--csv and --json: choose one");
	settings->options.format = settings->is_csv    ? REPORT_CSV
				   : settings->is_json ? REPORT_JSON
						       : REPORT_TEXT;
	settings->options.width = settings->options.format == REPORT_TEXT ? terminal_width() : 0;
	return NULL;
}

struct error *report_settings_check(struct report_settings *settings)
{
	struct report_options *options = &settings->options;
	size_t tables = 0;
	struct error *err = settings->ranks.err;

	if (err == NULL)
		err = check_ranks(settings);
	if (err == NULL)
		err = choose_format(settings);
	if (err == NULL)
		err = profile_selection_check(&settings->selection);
	if (err != NULL || settings->is_of_ranks)
		return err;
	choose_tables(options);
	for (size_t i = 0; i < REPORT_TABLES; i++)
		tables += options->wants[i];
	if (options->format == REPORT_CSV && tables > 1)
		return error_new(ERR_USAGE, "--csv: choose one of --by function, --processes, "
					    "--parts, --threads, --calls and --by growth");
	options->names_file = settings->files.count > 1;
	return report_options_check(options);
}

void report_settings_deinit(struct report_settings *settings)
{
	profile_files_deinit(&settings->files);
	profile_selection_deinit(&settings->selection);
	ranks_options_deinit(&settings->ranks);
}
