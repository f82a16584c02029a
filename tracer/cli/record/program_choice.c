/* What PROGRAM means; see program_choice.h. Cli layer. */
#include "tracer/cli/record/program_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/usdt/usdt_look.h"
#include "tracer/arch/arch.h"
#include "tracer/base/log.h"
#include "tracer/base/machine.h"
#include "tracer/cli/record/probe_option.h"
#include "tracer/cli/record/program_path.h"
#include "tracer/cli/record/python_command.h"

struct error *program_choose_running_python(struct session_options *session)
{
	if (!session->traces)
		return error_new(ERR_USAGE, "--no-probes and --python exclude each other");
	if (pattern_set_count(session->patterns) == 0)
		return error_new(ERR_USAGE, "--python needs -f here: which of the functions of a "
					    "running interpreter are to be recorded?");
	session->wants_python = true;
	return NULL;
}

struct error *program_choose_python(struct python_choice *choice, struct session_options *session)
{
	if (choice->is_wanted && choice->is_refused)
		return error_new(ERR_USAGE, "--python and --nopython exclude each other");
	if (choice->is_wanted && !session->traces)
		return error_new(ERR_USAGE, "--no-probes and --python exclude each other");
	if (choice->is_wanted && session->command == NULL)
		return program_choose_running_python(session);
	struct error *err = choice->is_wanted ? probe_option_check("--python") : NULL;
	if (err != NULL)
		return err;
	if (choice->is_refused || session->command == NULL ||
	    !(choice->is_wanted || python_command_is_script(session->command[0])))
		return NULL;
	session->wants_python = session->traces && arch_has_probes;
	if (session->wants_inlined)
		log_warning("--inlined has no effect: the functions chosen are Python's");
	err = python_command_create(session->command, &choice->command);
	if (err == NULL && choice->command != NULL)
		session->command = choice->command;
	return err;
}

static bool attached_has_marks(const struct session_options *session)
{
	char path[64];

	for (size_t i = 0; i < session->attached_count; i++) {
		snprintf(path, sizeof(path), "/proc/%d/exe", session->attached[i]);
		if (usdt_look_has_marks(path))
			return true;
	}
	return false;
}

static bool program_has_marks(const char *program)
{
	char *path;

	struct error *err = program_path_find(program, &path);
	if (err != NULL) {
		error_free(err); /* it is told when the program is executed */
		return false;
	}
	bool has_marks = usdt_look_has_marks(path);
	free(path);
	return has_marks;
}

/* Whether some are asked for by name, and not the others. */
static bool asks_for_marks(const struct pattern_set *patterns)
{
	for (size_t i = 0; i < pattern_set_count(patterns); i++) {
		if (pattern_set_is_mark(patterns, i) && !pattern_set_excludes(patterns, i))
			return true;
	}
	return false;
}

void program_choose_marks(struct session_options *session)
{
	if (!session->traces || asks_for_marks(session->patterns))
		return;
	session->wants_marks =
		pattern_set_count(session->patterns) > 0 || session->wants_python ||
		(session->attached_count > 0 ? attached_has_marks(session)
					     : program_has_marks(session->command[0]));
	if (session->wants_marks && !arch_has_probes) {
		log_warning("the marks of the program are not recorded: they need probes, which "
			    "are not there on %s yet",
			    MACHINE_NAME);
		session->wants_marks = false;
	}
}

void python_choice_deinit(struct python_choice *choice)
{
	free(choice->command);
}

struct error *program_explain(struct error *err, const char *program)
{
	if (err == NULL || error_code(err) != ERR_NOT_FOUND || strchr(program, ' ') == NULL)
		return err;
	struct error *explained = error_new(
		ERR_NOT_FOUND,
		"%s (words are not split at spaces: give the program and each of its arguments as "
		"a word of its own, without quotes around them all; or run sh -c '...')",
		error_message(err));
	error_free(err);
	return explained;
}
