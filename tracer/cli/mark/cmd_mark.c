/* mprof-trace mark: puts a mark into a recording that runs (cli layer). */
#include <argp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tracer/base/log.h"
#include "tracer/cli/command.h"
#include "tracer/cli/mark/mark_target.h"
#include "tracer/cli/options/command_options.h"
#include "tracer/record/appended_mark.h"

/* A line of it goes out in one write: see appended_mark.h. */
enum { NAME_BYTES_MAX = 4096 };

struct mark_command {
	const char *name, *where;
	unsigned words;
};

static const struct argp_option argp_options[] = {
	{ "quiet", 'q', NULL, 0, "Print errors only", 0 },
	{ 0 },
};

static const char doc[] = "Puts a mark called NAME into a recording that runs, at this moment: for "
			  "scripts and Makefiles. The recording is "
			  "that of the process PID, or the one that writes FILE; without either, "
			  "the one that records the caller, or "
			  "else the only one that there is.\vThe plot shows marks as ticks. The "
			  "exit status is 0, or 125 when there is no "
			  "such recording or its file cannot be written to.";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct mark_command *command = state->input;

	switch (key) {
	case 'q':
		log_set_level(LOG_QUIET);
		return 0;
	case ARGP_KEY_ARG:
		if (command->words == 0)
			command->name = arg;
		else if (command->words == 1)
			command->where = arg;
		command->words++;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static struct error *check_words(const struct mark_command *command)
{
	if (command->words == 0)
		return error_new(ERR_USAGE, "what is the mark to be called?");
	if (command->words > 2)
		return error_new(ERR_USAGE, "one NAME, and one PID or FILE: a name with spaces is "
					    "to be quoted");
	if (*command->name == '\0')
		return error_new(ERR_USAGE, "a mark needs a name");
	if (strlen(command->name) > NAME_BYTES_MAX)
		return error_new(ERR_USAGE, "the name is longer than %d bytes", NAME_BYTES_MAX);
	return NULL;
}

static struct error *mark_put(const char *name, const struct mark_target *target)
{
	char *label;

	if (asprintf(&label, "mark:%s", name) < 0)
		return error_no_memory();
	const struct appended_mark mark = {
		.name = label,
		.pid = target->pid,
		.time_ns = target->time_ns,
		.bytes = target->bytes,
		.is_held = target->is_held,
	};
	struct error *err = error_context(mark_append(target->path, &mark), "%s", target->named);
	free(label);
	return err;
}

static const struct argp argp = {
	argp_options, parse_option, "NAME [PID|FILE]", doc, NULL, NULL, NULL,
};

static struct error *mark_run(int argc, char **argv, int *ret_status)
{
	struct mark_command command = { 0 };
	struct mark_target target;

	struct error *err = command_options_parse(&argp, argc, argv, 0, &command);
	if (err == NULL)
		err = check_words(&command);
	if (err == NULL)
		err = mark_target_find(command.where, &target);
	if (err != NULL)
		return err;
	err = mark_put(command.name, &target);
	mark_target_deinit(&target);
	*ret_status = EXIT_SUCCESS;
	return err;
}

const struct command cmd_mark = { "mark", "Put a mark into a recording that runs", mark_run,
				  &argp };
