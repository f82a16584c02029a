/* mprof-trace memit: how much memory a program needs, in one line (cli layer). */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <wordexp.h>

#include "plot/report/usage.h"
#include "tracer/arch/arch.h"
#include "tracer/base/log.h"
#include "tracer/base/quantity.h"
#include "tracer/cli/command.h"
#include "tracer/cli/options/command_options.h"
#include "tracer/cli/memit/memit_runs.h"
#include "tracer/cli/record/program_options.h"
#include "tracer/cli/terminal/terminal_width.h"

/* Keys of options without a letter. */
enum { OPTION_COMPARE = 256, OPTION_JSON };

struct memit_command {
	struct program_options program;
	size_t repeats;
	bool is_tree, is_json;
	const char *compared; /* --compare; NULL: not given */
	wordexp_t words;      /* of it */
	struct usage usages[2];
	const char *keep; /* -o; NULL: nothing is kept */
};

static const struct argp_option argp_options[] = {
	{ "repeat", 'r', "N", 0, "Run PROGRAM N times (1 to 10000; default 1)", 0 },
	{ NULL, 'i', "S", 0, "The same as --interval", 0 },
	{ NULL, 'c', NULL, 0,
	  "The memory of all processes together, as --include-children; without, that of the main "
	  "one",
	  0 },
	{ "compare", OPTION_COMPARE, "COMMAND", 0,
	  "Do the same with COMMAND, words as in a shell, and show both side by side", 0 },
	{ "json", OPTION_JSON, NULL, 0,
	  "Print all figures as JSON; what PROGRAM writes to stdout goes to stderr", 0 },
	{ 0 },
};

static const char memit_doc[] =
	"Runs PROGRAM and prints its peak memory, and by how much that was above what it had when "
	"it had been loaded; with -f, also by how much memory rose within calls of functions.\v"
	"Nothing is kept of the recording, but with --output. The exit status is that of the last "
	"run, as with run.";

static struct error *parse_repeats(const char *text, size_t *ret)
{
	enum { REPEATS_MOST = 10000 };
	uint64_t number;

	if (!quantity_parse_whole(text, &number) || number < 1 || number > REPEATS_MOST)
		return error_new(ERR_USAGE, "--repeat %s: give a whole number from 1 to %d", text,
				 REPEATS_MOST);
	*ret = (size_t)number;
	return NULL;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct memit_command *command = state->input;
	struct recording_options *recording = &command->program.recording;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &command->program;
		return 0;
	case 'r':
		if (recording->err == NULL)
			recording->err = parse_repeats(arg, &command->repeats);
		return 0;
	case 'i':
		if (recording->err == NULL)
			recording->err = parse_seconds("interval", arg, 86400,
						       &recording->session.interval_ns);
		return 0;
	case 'c':
		command->is_tree = true;
		return 0;
	case OPTION_COMPARE:
		command->compared = arg;
		return 0;
	case OPTION_JSON:
		command->is_json = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child argp_children[] = { { .argp = &program_argp }, { 0 } };
static const struct argp memit_argp = {
	argp_options, parse_option, "PROGRAM [ARG...]", memit_doc, argp_children, NULL, NULL,
};

static struct error *split_compared(const char *text, wordexp_t *ret)
{
	int failure = wordexp(text, ret, WRDE_NOCMD);

	if (failure == 0 && ret->we_wordc > 0 && ret->we_wordv[0][0] != '\0')
		return NULL;
	if (failure == WRDE_NOSPACE)
		return error_no_memory();
	return error_new(ERR_USAGE,
			 "--compare %s: give a program and its arguments; of a shell's words it "
			 "has quotes, variables and patterns alone (for more: sh -c '...')",
			 text);
}

/*
 * The kernel's marks can be read where a thread stops, which it does not at a jump: those are of use for
 * functions that are called more often than anybody wants to know the memory of.
 */
static void choose_marks(struct memit_command *command, struct memit_runs *runs)
{
	struct session_options *session = &command->program.recording.session;

	if (!command->program.recording.has_probe)
		session->probe_mode = PROBE_BREAKPOINT;
	session->notes_marks = session->probe_mode == PROBE_BREAKPOINT;
	runs->has_marks = session->notes_marks;
}

/* What this command needs of a recording. */
static struct error *check(struct memit_command *command)
{
	struct session_options *session = &command->program.recording.session;

	if (command->program.words == NULL || command->program.words[0][0] == '\0')
		return error_new(ERR_USAGE, "which PROGRAM is to be run?");
	if (command->program.recording.is_live)
		return error_new(ERR_USAGE, "memit has no live view: run --live has");
	if (session->wants_lines || command->program.recording.lines.max_hits != NULL)
		return error_new(ERR_USAGE, "memit has no lines: the lines command has");
	if (command->compared != NULL && command->program.python.is_wanted)
		return error_new(ERR_USAGE, "--compare and --python exclude each other: give both "
					    "commands with the interpreter, as in python3 FILE.py");
	/* Sums are taken afterwards: each process keeps a line of its own. */
	command->is_tree = command->is_tree || session->sums_tree;
	session->sums_tree = false;
	session->lists_children = true;
	session->marks_start = arch_has_probes;
	if (command->is_json)
		session->launch_context.standard_fds[STDOUT_FILENO] = STDERR_FILENO;
	command->keep = session->output;
	if (command->keep != NULL) {
		struct error *err = memit_runs_check_output(command->keep, session->rank);
		if (err != NULL)
			return err;
	}
	return command->compared == NULL ? NULL
					 : split_compared(command->compared, &command->words);
}

/* Nothing is to be had of Python's own functions where none was asked for, and its helper takes memory. */
static struct error *choose_python(struct memit_command *command)
{
	struct session_options *session = &command->program.recording.session;

	struct error *err = program_choose_python(&command->program.python, session);
	if (pattern_set_count(session->patterns) == 0 && !command->program.python.is_wanted)
		session->wants_python = false;
	return err;
}

static struct error *print(struct memit_command *command)
{
	const struct usage *one = &command->usages[0], *other = &command->usages[1];

	/* What is known by now: a second command may not have come to its turn. */
	if (other->count == 0)
		other = NULL;
	if (one->count == 0)
		return NULL;
	if (command->is_json)
		return usage_write_json(one, other, stdout);
	return other == NULL ? usage_print(one, stdout)
			     : usage_print_both(one, other, stdout, terminal_width());
}

/* *@ret_status: of PROGRAM; of what it is compared with where only that has failed to run. */
static struct error *record_both(struct memit_command *command, struct memit_runs *runs,
				 int *ret_status)
{
	struct session_options *session = &command->program.recording.session;
	char *const *programs[] = { command->program.words, command->words.we_wordv };
	struct error *err = NULL;

	for (size_t i = 0; i < 2 && err == NULL && programs[i] != NULL; i++) {
		struct usage *usage = &command->usages[i];
		int status = 0;
		*usage = (struct usage){ .is_tree = command->is_tree, .wanted = command->repeats };
		runs->rank = session->rank;
		runs->keep = i == 0 ? command->keep : NULL;
		session->command = programs[i];
		session->wants_python = false;
		err = choose_python(command);
		if (err == NULL)
			err = memit_runs_record(runs, session, usage, &status);
		err = program_explain(err, programs[i][0]);
		python_choice_deinit(&command->program.python);
		command->program.python.command = NULL;
		if (i == 0 || usage->count == 0)
			*ret_status = status;
		if (runs->is_engine || runs->is_ended)
			break;
	}
	return err;
}

static struct error *memit_run(int argc, char **argv, int *ret_status)
{
	struct memit_command command = { .repeats = 1 };
	struct memit_runs runs = { 0 };

	struct error *err = program_options_init(&command.program);
	if (err != NULL)
		return err;
	log_set_level(LOG_WARNINGS); /* -q and -v say otherwise */
	err = command_options_parse(&memit_argp, argc, argv, ARGP_IN_ORDER, &command);
	if (err == NULL)
		err = recording_options_finish(&command.program.recording);
	if (err == NULL)
		err = check(&command);
	choose_marks(&command, &runs);
	if (err == NULL)
		err = record_both(&command, &runs, ret_status);
	if (!runs.is_engine)
		err = error_first(err, print(&command));
	usage_deinit(&command.usages[0]);
	usage_deinit(&command.usages[1]);
	if (command.words.we_wordv != NULL)
		wordfree(&command.words);
	program_options_deinit(&command.program);
	return err;
}

const struct command cmd_memit = { "memit", "Print the peak memory of a program that is run for it",
				   memit_run, &memit_argp };
