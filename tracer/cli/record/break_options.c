/* Where and when to break, and what is done then; see break_options.h. Cli layer. */
#include "tracer/cli/record/break_options.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Keys of options without a letter; those of the commands and of other children lie elsewhere. */
enum {
	OPTION_BREAK_AT = 1792,
	OPTION_BREAK_IF,
	OPTION_BREAK_IN,
	OPTION_BREAK_EVERY,
	OPTION_ON_BREAK,
	OPTION_RESUME,
};

static const struct argp_option break_argp_options[] = {
	{ "break-at", OPTION_BREAK_AT, "SIZE", 0,
	  "Break when a process has SIZE of memory, such as 500M (a plain number is in MiB); may "
	  "be "
	  "repeated",
	  0 },
	{ "break-if", OPTION_BREAK_IF, "CONDITION", 0,
	  "Break when CONDITION holds of a process: 'memory>SIZE', 'growth>SIZE/TIME', such as "
	  "growth>100M/s, or several joined by 'and'; may be repeated",
	  0 },
	{ "break-in", OPTION_BREAK_IN, "PATTERN[,...]", 0,
	  "Break only within these functions; without the two above, where they are entered", 0 },
	{ "break-every", OPTION_BREAK_EVERY, NULL, 0,
	  "Break whenever it comes to be so again, and not once in each process", 0 },
	{ "on-break", OPTION_ON_BREAK, "ACTION", 0,
	  "What is done at a break: stack (the default: say where the threads are), stop, core, "
	  "kill, gdb, or a shell command, which has words other than these or a blank in it",
	  0 },
	{ "resume", OPTION_RESUME, NULL, 0, "Record calls again when gdb has left the process", 0 },
	{ 0 },
};

static struct error *add_condition(struct break_options *options, int key, const char *text)
{
	struct break_settings *settings = &options->settings;
	const bool is_size = key == OPTION_BREAK_AT;

	if (settings->condition_count == BREAK_CONDITIONS_MOST)
		return error_new(ERR_USAGE, "more than %d conditions of breaks",
				 BREAK_CONDITIONS_MOST);
	struct break_condition *next = &settings->conditions[settings->condition_count++];
	struct error *err = is_size ? break_condition_parse_size(text, next)
				    : break_condition_parse(text, next);
	return error_context(err, is_size ? "--break-at" : "--break-if");
}

static struct error *parse_action(struct break_settings *settings, const char *text)
{
	static const char *const words[] = {
		[BREAK_STACK] = "stack", [BREAK_STOP] = "stop", [BREAK_CORE] = "core",
		[BREAK_KILL] = "kill",	 [BREAK_GDB] = "gdb",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i]) != 0)
			continue;
		settings->action = (enum break_action)i;
		settings->command = NULL;
		return NULL;
	}
	if (text[strspn(text, " \t")] == '\0')
		return error_new(ERR_USAGE,
				 "--on-break '%s': say stack, stop, core, kill, gdb or a "
				 "shell command",
				 text);
	settings->action = BREAK_COMMAND;
	settings->command = text;
	return NULL;
}

static error_t break_parse(int key, char *arg, struct argp_state *state)
{
	struct break_options *options = state->input;
	struct error *err = NULL;

	switch (key) {
	case OPTION_BREAK_AT:
	case OPTION_BREAK_IF:
		err = add_condition(options, key, arg);
		break;
	case OPTION_BREAK_IN:
		if (options->in != NULL)
			err = error_new(ERR_USAGE, "--break-in is there twice: give one list");
		options->in = arg;
		break;
	case OPTION_BREAK_EVERY:
		options->settings.every = true;
		break;
	case OPTION_ON_BREAK:
		options->has_action = true;
		err = parse_action(&options->settings, arg);
		break;
	case OPTION_RESUME:
		options->settings.resumes = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	options->err = error_first(options->err, err);
	return 0;
}

const struct argp break_argp = { .options = break_argp_options, .parser = break_parse };

void break_options_deinit(struct break_options *options)
{
	error_free(options->err);
	options->err = NULL;
}

static struct error *add_functions(struct break_options *options, struct pattern_set *patterns)
{
	struct break_settings *settings = &options->settings;

	settings->in_first = pattern_set_count(patterns);
	struct error *err = pattern_set_add(patterns, options->in);
	settings->in_end = pattern_set_count(patterns);
	for (size_t i = settings->in_first; err == NULL && i < settings->in_end; i++) {
		if (pattern_set_excludes(patterns, i) || pattern_set_is_usdt(patterns, i))
			err = error_new(ERR_USAGE, "%s is no function",
					pattern_set_text(patterns, i));
	}
	if (err == NULL && settings->condition_count == 0)
		settings->condition_count = 1;
	for (size_t i = 0; i < settings->condition_count; i++) {
		char *text = settings->conditions[i].text;
		const size_t used = strlen(text);
		snprintf(text + used, BREAK_CONDITION_BYTES - used, "%s%s",
			 used > 0 ? " in " : "entry of ", options->in);
	}
	return error_context(err, "--break-in");
}

struct error *break_options_finish(struct break_options *options, struct pattern_set *patterns,
				   struct session_options *session)
{
	const struct break_settings *settings = &options->settings;
	struct error *err = options->err;

	options->err = NULL;
	if (err == NULL && options->in != NULL && !session->traces)
		err = error_new(ERR_USAGE, "--no-probes and --break-in exclude each other");
	if (err == NULL && options->in != NULL)
		err = add_functions(options, patterns);
	if (err != NULL)
		return err;
	if (settings->condition_count == 0 &&
	    (options->has_action || settings->every || settings->resumes))
		return error_new(ERR_USAGE, "break when? Say so with --break-at, --break-if or "
					    "--break-in");
	if (settings->resumes && settings->action != BREAK_GDB)
		return error_new(ERR_USAGE, "--resume is about --on-break gdb");
	if (settings->condition_count > 0)
		session->breaks = settings;
	return NULL;
}

static bool is_in_path(const char *name)
{
	const char *path = getenv("PATH");
	char file[4096];

	while (path != NULL && *path != '\0') {
		const size_t bytes = strcspn(path, ":");
		if (snprintf(file, sizeof(file), "%.*s%s%s", (int)bytes, path, bytes > 0 ? "/" : "",
			     name) < (int)sizeof(file) &&
		    access(file, X_OK) == 0)
			return true;
		path += bytes + (path[bytes] == ':');
	}
	return false;
}

static struct error *check_gdb(bool is_live)
{
	if (is_live)
		return error_new(ERR_USAGE, "--on-break gdb: the terminal is that of --live");
	if (!is_in_path("gdb"))
		return error_new(ERR_USAGE, "--on-break gdb: there is no gdb in PATH");
	int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (terminal < 0)
		return error_new(ERR_USAGE, "--on-break gdb: there is no terminal for it");
	close(terminal);
	return NULL;
}

struct error *break_options_check(const struct session_options *session, bool is_live)
{
	const struct break_settings *settings = session->breaks;

	if (settings == NULL)
		return NULL;
	if (!session->traces && break_settings_need_threads(settings))
		return error_new(ERR_USAGE,
				 "--no-probes: for a %s the threads must be traced; --on-break "
				 "stop, kill, gdb and commands do without",
				 settings->action == BREAK_STACK ? "stack" : "core");
	return settings->action == BREAK_GDB ? check_gdb(is_live) : NULL;
}
