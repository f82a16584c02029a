/* mprof-trace diff: compares two profiles, or two groups of them (cli layer). */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/compare/comparison_table.h"
#include "plot/compare/verdict_table.h"
#include "tracer/base/quantity.h"
#include "tracer/base/utf8.h"
#include "tracer/cli/command.h"
#include "tracer/cli/profiles/profile_figures.h"
#include "tracer/cli/profiles/profile_files.h"
#include "tracer/cli/terminal/terminal_width.h"

enum diff_format { DIFF_TABLE, DIFF_CSV, DIFF_JSON };

struct diff_command {
	struct profile_files before, after;
	bool has_groups;   /* `--` stands on the command line */
	bool is_behind;	   /* words are of the second group */
	size_t word_count; /* of profiles, of both */
	size_t most;	   /* functions, and programs; 0: all */
	enum diff_format format;
	struct conditions conditions;
	struct error *err; /* of an option, the first */
};

enum { KEY_FAIL_IF = 256, KEY_TOP, KEY_CSV, KEY_JSON, TOP_DEFAULT = 20 };

static const struct argp_option argp_options[] = {
	{ "fail-if", KEY_FAIL_IF, "CONDITION", 0,
	  "Exit with 1 if it holds: a figure (peak, tree, duration, slope; of functions gain, "
	  "calls, time; of programs peak, processes), a name behind a colon, a comparison, an "
	  "amount: 'peak>+5%', 'gain:load>+10M', 'calls:parse_*>100'; may be repeated",
	  0 },
	{ "top", KEY_TOP, "N", 0,
	  "Print the N functions and the N programs that changed most (default 20; 0: all)", 0 },
	{ "csv", KEY_CSV, NULL, 0, "Print all as CSV", 0 },
	{ "json", KEY_JSON, NULL, 0, "Print all as JSON", 0 },
	{ 0 },
};

static const char doc[] =
	"Compares two profiles, or the medians of two groups: peaks, durations, what functions "
	"gained, how often they were called and how long, and the peaks of programs; what grew "
	"most "
	"comes first.\v"
	"A profile is a file, or an index as 'mprof-trace list' shows it; -1 is the newest.";

static void add_condition(struct diff_command *command, const char *text)
{
	struct condition condition;
	struct error *err = error_context(condition_parse(text, &condition), "--fail-if");

	if (err == NULL)
		err = conditions_add(&command->conditions, &condition);
	command->err = error_first(command->err, err);
}

static void parse_top(struct diff_command *command, const char *text)
{
	uint64_t most = 0;

	if (!quantity_parse_whole(text, &most))
		command->err = error_first(
			command->err,
			error_new(ERR_USAGE, "--top %s: give a whole number, 0 or more", text));
	command->most = most;
}

/* Without `--` the first is one group, and the second the other. */
static void add_word(struct diff_command *command, const char *word)
{
	bool is_after = command->has_groups ? command->is_behind : command->word_count > 0;

	command->word_count++;
	profile_files_add_argument(is_after ? &command->after : &command->before, word);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct diff_command *command = state->input;

	switch (key) {
	case KEY_FAIL_IF:
		add_condition(command, arg);
		return 0;
	case KEY_TOP:
		parse_top(command, arg);
		return 0;
	case KEY_CSV:
		command->format = DIFF_CSV;
		return 0;
	case KEY_JSON:
		command->format = DIFF_JSON;
		return 0;
	case ARGP_KEY_ARG:
		add_word(command, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	argp_options, parse_option, "BEFORE AFTER\nBEFORE... -- AFTER...", doc, NULL, NULL, NULL,
};

/* The words on both sides of `--` are parsed by themselves: options may stand on either. */
static struct error *parse(struct diff_command *command, int argc, char **argv)
{
	int split = 1;

	while (split < argc && strcmp(argv[split], "--") != 0)
		split++;
	command->has_groups = split < argc;
	struct error *err = profile_files_parse(&command->before, &argp, split, argv, command);
	if (err == NULL && command->has_groups) {
		command->is_behind = true;
		argv[split] = argv[0];
		err = profile_files_parse(&command->after, &argp, argc - split, argv + split,
					  command);
	}
	/* Of the second profile, where there are no groups, nobody has asked so far. */
	err = error_first(err, command->after.err);
	command->after.err = NULL;
	err = error_first(command->err, err);
	command->err = NULL;
	bool is_complete = command->has_groups
				   ? command->before.count > 0 && command->after.count > 0
				   : command->word_count == 2;
	if (err == NULL && !is_complete)
		err = error_new(ERR_USAGE, "give two profiles, or two groups with -- between them");
	return err;
}

static void print_side(const char *word, const struct figure_group *group)
{
	printf("%s ", word);
	if (group->run_count > 1)
		printf("medians of %zu: ", group->run_count);
	for (size_t i = 0; i < group->run_count; i++) {
		if (i > 0)
			fputs(", ", stdout);
		text_put_printable(stdout, group->runs[i].path);
	}
	putchar('\n');
}

static struct error *print_table(const struct diff_command *command,
				 const struct figure_group *before,
				 const struct figure_group *after, const struct verdicts *verdicts)
{
	struct comparison comparison;
	struct table table;
	size_t width = terminal_width();

	struct error *err = comparison_init(&comparison, before, after, command->most, true);
	if (err != NULL)
		return err;
	print_side("before:", before);
	print_side("after: ", after);
	putchar('\n');
	comparison_table(&comparison, &table);
	err = table_print(&table, stdout, width);
	if (comparison.hidden > 0)
		printf("and %zu more that changed less (--top 0 shows all)\n", comparison.hidden);
	if (err == NULL && verdicts->count > 0) {
		putchar('\n');
		err = verdicts_print(verdicts, stdout, width);
	}
	comparison_deinit(&comparison);
	return err;
}

static void put_paths(struct json_writer *json, const char *key, const struct figure_group *group)
{
	json_open_array(json, key);
	for (size_t i = 0; i < group->run_count; i++)
		json_put_string(json, NULL, group->runs[i].path);
	json_close(json);
}

static struct error *print_json(const struct figure_group *before, const struct figure_group *after,
				const struct verdicts *verdicts, const struct table *table)
{
	struct json_writer json;

	json_init(&json, stdout, 2);
	json_open_object(&json, NULL);
	put_paths(&json, "before", before);
	put_paths(&json, "after", after);
	table_write_json(table, &json, "figures");
	struct error *err = verdicts_write_json(verdicts, &json, "conditions");
	json_close(&json);
	return error_first(err, json_finish(&json, "the comparison"));
}

/* A table is one thing: what is said of conditions goes beside it. */
static struct error *print_csv(const struct verdicts *verdicts, const struct table *table)
{
	struct csv_writer csv;

	csv_init(&csv, stdout);
	table_write_csv(table, &csv, true);
	struct error *err = csv_finish(&csv, "the comparison");
	if (err == NULL && verdicts->count > 0)
		err = verdicts_print(verdicts, stderr, 0);
	return err;
}

static struct error *print(const struct diff_command *command, const struct figure_group *before,
			   const struct figure_group *after, const struct verdicts *verdicts)
{
	struct comparison comparison;
	struct table table;

	if (command->format == DIFF_TABLE)
		return print_table(command, before, after, verdicts);
	struct error *err = comparison_init(&comparison, before, after, 0, false);
	if (err != NULL)
		return err;
	comparison_table(&comparison, &table);
	err = command->format == DIFF_CSV ? print_csv(verdicts, &table)
					  : print_json(before, after, verdicts, &table);
	comparison_deinit(&comparison);
	return err;
}

static struct error *judge_and_print(struct diff_command *command,
				     const struct figure_group *before,
				     const struct figure_group *after, int *ret_status)
{
	struct condition_patterns patterns;
	struct verdicts verdicts;

	struct error *err = figure_groups_check(before, after);
	if (err == NULL)
		err = condition_patterns_init(&patterns, &command->conditions, before, after);
	if (err != NULL)
		return err;
	err = verdicts_init(&verdicts, &command->conditions, before, after);
	if (err == NULL) {
		err = print(command, before, after, &verdicts);
		*ret_status = verdicts_exit_status(&verdicts);
		verdicts_deinit(&verdicts);
	}
	condition_patterns_deinit(&patterns);
	return err;
}

static struct error *compare(struct diff_command *command, int *ret_status)
{
	struct figure_group before, after;

	struct error *err = profile_figures_read(&command->before, true, &before);
	if (err != NULL)
		return err;
	err = profile_figures_read(&command->after, true, &after);
	if (err == NULL) {
		err = judge_and_print(command, &before, &after, ret_status);
		figure_group_deinit(&after);
	}
	figure_group_deinit(&before);
	return err;
}

static struct error *diff_run(int argc, char **argv, int *ret_status)
{
	struct diff_command command = { .most = TOP_DEFAULT };

	*ret_status = EXIT_SUCCESS;
	struct error *err = parse(&command, argc, argv);
	if (err == NULL)
		err = compare(&command, ret_status);
	profile_files_deinit(&command.before);
	profile_files_deinit(&command.after);
	conditions_deinit(&command.conditions);
	return err;
}

const struct command cmd_diff = { "diff", "Compare two profiles, or two groups of them", diff_run,
				  &argp };
