/* mprof-trace check: limits on profiles, for a build server (cli layer). */
#include <argp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plot/compare/budget.h"
#include "plot/compare/limit.h"
#include "plot/compare/verdict_files.h"
#include "plot/compare/verdict_table.h"
#include "plot/records/profile_reader.h"
#include "tracer/base/array.h"
#include "tracer/base/output_file.h"
#include "tracer/cli/command.h"
#include "tracer/cli/profiles/profile_figures.h"
#include "tracer/cli/profiles/profile_files.h"
#include "tracer/cli/terminal/terminal_width.h"

static const char SUITE[] = "mprof-trace check";

/* A limit of the command line. --tree and --band may stand behind it. */
struct wanted_limit {
	const struct limit_option *option;
	const char *amount, *function;
};

/* A file to be written; @path is NULL if it is not wanted. */
struct check_output {
	const char *path;
	char target[PATH_MAX];
};

struct check_command {
	struct wanted_limit *limits;
	size_t limit_count, limit_capacity;
	const char *function; /* the last --func */
	bool is_tree;
	double band_percent; /* NAN: not given */
	const char *budget;
	struct check_output write_budget, junit, markdown;
	struct profile_files files;
	struct error *err; /* of an option, the first */
};

enum {
	KEY_TREE = 256,
	KEY_FUNC,
	KEY_BUDGET,
	KEY_WRITE_BUDGET,
	KEY_BAND,
	KEY_JUNIT,
	KEY_MARKDOWN,
	KEY_MAX_PEAK, /* those of limits come last */
	KEY_MAX_SLOPE,
	KEY_MAX_DURATION,
	KEY_MAX_GAIN,
	KEY_MAX_CALLS,
	KEY_MAX_TIME,
};

static const struct argp_option argp_options[] = {
	{ "max-peak", KEY_MAX_PEAK, "SIZE", 0,
	  "The main process has SIZE of memory at most, such as 500M", 0 },
	{ "max-slope", KEY_MAX_SLOPE, "RATE", 0, "It grows by RATE at most, such as 1M/s or 50M/h",
	  0 },
	{ "max-duration", KEY_MAX_DURATION, "TIME", 0, "It lives for TIME at most, such as 90s",
	  0 },
	{ "tree", KEY_TREE, NULL, 0, "--max-peak and --max-slope are of all processes together",
	  0 },
	{ "func", KEY_FUNC, "PATTERN", 0,
	  "The limits behind this, up to the next one, are of each function that matches, as in "
	  "run -f",
	  0 },
	{ "max-gain", KEY_MAX_GAIN, "SIZE", 0, "All its calls add SIZE of memory at most", 0 },
	{ "max-calls", KEY_MAX_CALLS, "N", 0, "It is called N times at most", 0 },
	{ "max-time", KEY_MAX_TIME, "TIME", 0, "All its calls take TIME at most", 0 },
	{ "budget", KEY_BUDGET, "FILE", 0,
	  "Limits of FILE: one a line, in the words of these options; # begins a comment", 0 },
	{ "band", KEY_BAND, "PCT", 0,
	  "Also fail what is more than PCT percent below its limit (default 20 for --budget, none "
	  "for limits of the command line)",
	  0 },
	{ "write-budget", KEY_WRITE_BUDGET, "FILE", 0,
	  "Write a budget made of these profiles to FILE", 0 },
	{ "junit", KEY_JUNIT, "FILE", 0, "Write the verdicts as JUnit's XML to FILE", 0 },
	{ "markdown", KEY_MARKDOWN, "FILE", 0, "Write them as Markdown to FILE", 0 },
	{ 0 },
};

static const char doc[] =
	"Judges profiles by limits: the median of several. Exits with 1 when a limit is broken, "
	"with 125 when one could not be judged.\v"
	"A profile is a file, or an index as 'mprof-trace list' shows it; -1 is the newest, which "
	"is also the default.";

static struct error *add_limit(struct check_command *command, int key, const char *amount)
{
	const struct limit_option *option = NULL;
	struct error *err = array_reserve(&command->limits, &command->limit_capacity,
					  command->limit_count + 1, sizeof(*command->limits));

	for (const struct argp_option *i = argp_options; err == NULL && i->name != NULL; i++) {
		if (i->key == key)
			option = limit_option_find(i->name);
	}
	if (err == NULL)
		command->limits[command->limit_count++] = (struct wanted_limit){
			option, amount,
			limit_option_needs_function(option) ? command->function : NULL
		};
	return err;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct check_command *command = state->input;
	struct error *err = NULL;

	switch (key) {
	case KEY_TREE:
		command->is_tree = true;
		return 0;
	case KEY_FUNC:
		command->function = arg;
		return 0;
	case KEY_BUDGET:
		command->budget = arg;
		return 0;
	case KEY_WRITE_BUDGET:
		command->write_budget.path = arg;
		return 0;
	case KEY_JUNIT:
		command->junit.path = arg;
		return 0;
	case KEY_MARKDOWN:
		command->markdown.path = arg;
		return 0;
	case KEY_BAND:
		err = limit_parse_band(arg, &command->band_percent);
		break;
	case ARGP_KEY_ARG:
		profile_files_add_argument(&command->files, arg);
		return 0;
	default:
		if (key < KEY_MAX_PEAK || key > KEY_MAX_TIME)
			return ARGP_ERR_UNKNOWN;
		err = add_limit(command, key, arg);
	}
	command->err = error_first(command->err, err);
	return 0;
}

/* Those of the command line, then those of the budget. */
static struct error *collect_limits(const struct check_command *command,
				    struct conditions *conditions)
{
	struct error *err = NULL;
	bool has_tree = false;

	for (size_t i = 0; err == NULL && i < command->limit_count; i++) {
		const struct wanted_limit *limit = &command->limits[i];
		const struct limit_scope scope = {
			.function = limit->function,
			.is_tree = command->is_tree && limit->option->tree_figure != FIGURE_COUNT,
			.band_percent = command->band_percent,
		};
		has_tree = has_tree || scope.is_tree;
		err = limit_add(conditions, limit->option, limit->amount, &scope);
	}
	if (err == NULL && command->is_tree && !has_tree)
		err = error_new(ERR_USAGE, "--tree goes with --max-peak or --max-slope");
	if (err == NULL && command->budget != NULL)
		err = budget_read(conditions, command->budget,
				  isnan(command->band_percent) ? BUDGET_BAND_PERCENT
							       : command->band_percent);
	if (err == NULL && conditions->count == 0 && command->budget != NULL)
		err = error_new(ERR_USAGE, "%s has no limits", command->budget);
	if (err == NULL && conditions->count == 0 && command->write_budget.path == NULL)
		err = error_new(ERR_USAGE,
				"no limits: give one such as --max-peak 500M, or --budget");
	return err;
}

/* Before the long work: a wrong name of an output is found out at once. */
static struct error *check_outputs(struct check_command *command)
{
	struct check_output *const outputs[] = { &command->write_budget, &command->junit,
						 &command->markdown };
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < sizeof(outputs) / sizeof(outputs[0]); i++) {
		if (outputs[i]->path != NULL)
			err = error_context(output_file_check(outputs[i]->path, profile_is_profile,
							      outputs[i]->target),
					    "cannot write %s", outputs[i]->path);
	}
	return err;
}

struct check_result {
	const struct verdicts *verdicts;
	const struct figure_group *group;
	double band_percent;
};

static struct error *put_budget(const struct check_result *result, FILE *out)
{
	budget_write(out, result->group, result->band_percent);
	return NULL;
}

static struct error *put_junit(const struct check_result *result, FILE *out)
{
	return verdicts_write_junit(result->verdicts, result->group, SUITE, out);
}

static struct error *put_markdown(const struct check_result *result, FILE *out)
{
	return verdicts_write_markdown(result->verdicts, result->group, SUITE, out);
}

static struct error *write_output(const struct check_output *output,
				  const struct check_result *result,
				  struct error *(*put)(const struct check_result *, FILE *))
{
	struct output_file file = { 0 };

	if (output->path == NULL)
		return NULL;
	struct error *err = output_file_open(&file, output->target);
	if (err == NULL)
		err = put(result, file.out);
	if (err == NULL)
		err = output_file_commit(&file);
	else
		output_file_discard(&file);
	return error_context(err, "cannot write %s", output->path);
}

static struct error *write_outputs(const struct check_command *command,
				   const struct check_result *result)
{
	/* One that fails is no reason not to write the others. */
	struct error *err = write_output(&command->write_budget, result, put_budget);

	err = error_first(err, write_output(&command->junit, result, put_junit));
	return error_first(err, write_output(&command->markdown, result, put_markdown));
}

static struct error *judge(const struct check_command *command, struct conditions *conditions,
			   const struct figure_group *group, int *ret_status)
{
	struct condition_patterns patterns;
	struct verdicts verdicts;

	struct error *err = condition_patterns_init(&patterns, conditions, NULL, group);
	if (err != NULL)
		return err;
	err = verdicts_init(&verdicts, conditions, NULL, group);
	if (err == NULL) {
		const struct check_result result = {
			.verdicts = &verdicts,
			.group = group,
			.band_percent = isnan(command->band_percent) ? BUDGET_BAND_PERCENT
								     : command->band_percent,
		};
		*ret_status = verdicts_exit_status(&verdicts);
		if (verdicts.count > 0 && group->run_count > 1)
			printf("Medians of %zu profiles.\n", group->run_count);
		if (verdicts.count > 0)
			err = verdicts_print(&verdicts, stdout, terminal_width());
		err = error_first(err, write_outputs(command, &result));
		verdicts_deinit(&verdicts);
	}
	condition_patterns_deinit(&patterns);
	return err;
}

static bool needs_tree(const struct check_command *command, const struct conditions *conditions)
{
	for (size_t i = 0; i < conditions->count; i++) {
		if (conditions->list[i].figure == FIGURE_TREE)
			return true;
	}
	return command->write_budget.path != NULL;
}

static struct error *run_command(struct check_command *command, int *ret_status)
{
	struct conditions conditions = { 0 };
	struct figure_group group;

	struct error *err = collect_limits(command, &conditions);
	if (err == NULL)
		err = check_outputs(command);
	if (err == NULL && command->files.count == 0)
		err = profile_files_add_newest(&command->files);
	if (err == NULL)
		err = profile_figures_read(&command->files, needs_tree(command, &conditions),
					   &group);
	if (err == NULL) {
		err = judge(command, &conditions, &group, ret_status);
		figure_group_deinit(&group);
	}
	conditions_deinit(&conditions);
	return err;
}

static const struct argp argp = {
	argp_options, parse_option, "[FILE|INDEX...]", doc, NULL, NULL, NULL,
};

static struct error *check_run(int argc, char **argv, int *ret_status)
{
	struct check_command command = { .band_percent = NAN };

	*ret_status = EXIT_SUCCESS;
	struct error *err = profile_files_parse(&command.files, &argp, argc, argv, &command);
	err = error_first(command.err, err);
	if (err == NULL)
		err = run_command(&command, ret_status);
	profile_files_deinit(&command.files);
	free(command.limits);
	return err;
}

const struct command cmd_check = { "check", "Judge a profile by limits, for a build server",
				   check_run, &argp };
