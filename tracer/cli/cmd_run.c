/* mprof-trace run: starts a program and records it (cli layer). */
#include <argp.h>
#include <errno.h>
#include <math.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/cli/command.h"
#include "tracer/cli/command_options.h"
#include "tracer/loop/engine.h"

/* Keys of options without a letter. */
enum {
	OPTION_NO_FOLLOW = 256,
	OPTION_MAX_CALLS,
	OPTION_ALLOW_MISSING,
	OPTION_BACKEND,
	OPTION_KILL_ON_TIMEOUT,
	OPTION_NO_PROBES
};

struct run_command {
	struct session_options options;
	struct pattern_set *patterns;
	const struct passwd *user;
	bool is_multiprocess; /* -M */
	struct error *err;    /* the first that parsing met */
};

static const struct argp_option argp_options[] = {
	{ "functions", 'f', "PATTERN[,...]", 0,
	  "Record when functions that match are entered and left: a name, a C++ name, a glob "
	  "such as 'parse_*', /REGEX/, or LIBRARY!PATTERN; may be repeated",
	  0 },
	{ "interval", 'T', "S", 0, "Sample memory every S seconds (0.001 to 86400; default 0.1)",
	  0 },
	{ "include-children", 'C', NULL, 0, "The main line is the sum over all processes", 0 },
	{ "multiprocess", 'M', NULL, 0, "A line for each child (the default; with -C: both)", 0 },
	{ "no-follow", OPTION_NO_FOLLOW, NULL, 0, "Record the first process only", 0 },
	{ "no-probes", OPTION_NO_PROBES, NULL, 0,
	  "Trace nobody: sample memory only, for programs that must not be traced", 0 },
	{ "output", 'o', "FILE", 0,
	  "Write FILE, replacing it; %p is the pid, %h the host, %q{VAR} a variable, %% a "
	  "percent sign (default: mprofile_YYYYMMDDhhmmss.dat, never replacing one)",
	  0 },
	{ "timeout", 't', "S", 0,
	  "End the recording after S seconds; the program goes on, unrecorded", 0 },
	{ "kill-on-timeout", OPTION_KILL_ON_TIMEOUT, NULL, 0, "Kill the program at the timeout",
	  0 },
	{ "user", 'u', "NAME", 0, "Run PROGRAM as user NAME (only root can)", 0 },
	{ "max-calls", OPTION_MAX_CALLS, "N", 0,
	  "Record N single calls of each function, then sums (default 1000000)", 0 },
	{ "allow-missing", OPTION_ALLOW_MISSING, NULL, 0,
	  "Do not fail when no function has matched by the end", 0 },
	{ "backend", OPTION_BACKEND, "NAME", 0,
	  "What is measured: rss, the resident set size (psutil and posix mean the same)", 0 },
	{ "exit-code", 'E', NULL, 0, "Pass on the program's exit status (the default)", 0 },
	{ "quiet", 'q', NULL, 0, "Print errors only", 0 },
	{ "verbose", 'v', NULL, 0, "Also print what is probed, and what cannot be", 0 },
	{ 0 },
};

static const char doc[] =
	"Runs PROGRAM, samples its memory and that of its children, and records when chosen "
	"functions start and end.\vThe exit status is the program's own (128+N for signal N); 125 "
	"when the recording failed, 126 and 127 when PROGRAM cannot be executed or does not exist.";

static struct error *parse_seconds(const char *option, const char *text, double max_s,
				   int64_t *ret_ns)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end != '\0' || !(seconds >= 0.001 && seconds <= max_s))
		return error_new(ERR_USAGE, "--%s %s: give seconds from 0.001 to %.0f", option,
				 text, max_s);
	*ret_ns = llround(seconds * (double)NS_PER_S);
	return NULL;
}

static struct error *parse_user(const char *name, const struct passwd **ret)
{
	errno = 0;
	*ret = getpwnam(name); /* stays valid: it is asked for once more only by a second -u */
	if (*ret != NULL)
		return NULL;
	return errno != 0 ? error_os(errno, "--user %s", name)
			  : error_new(ERR_USAGE, "--user %s: there is no such user", name);
}

static struct error *parse_max_calls(const char *text, uint64_t *ret)
{
	char *end;

	errno = 0;
	unsigned long long number = strtoull(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0 || strchr(text, '-') != NULL)
		return error_new(ERR_USAGE, "--max-calls %s: give a whole number, 0 or more", text);
	*ret = number;
	return NULL;
}

static struct error *parse_backend(const char *text)
{
	static const char *const same[] = { "rss", "psutil", "posix" };

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		if (strcmp(text, same[i]) == 0)
			return NULL;
	}
	return error_new(ERR_USAGE,
			 "--backend %s: only rss (also called psutil and posix) is measured", text);
}

static struct error *parse_word(struct run_command *command, int key, const char *arg)
{
	switch (key) {
	case 'f':
		return pattern_set_add(command->patterns, arg);
	case 'T':
		return parse_seconds("interval", arg, 86400, &command->options.interval_ns);
	case 't':
		return parse_seconds("timeout", arg, 1e9, &command->options.timeout_ns);
	case 'u':
		return parse_user(arg, &command->user);
	case OPTION_MAX_CALLS:
		return parse_max_calls(arg, &command->options.max_calls);
	default:
		return parse_backend(arg);
	}
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct run_command *command = state->input;
	struct session_options *options = &command->options;

	if (command->err != NULL)
		return 0;
	switch (key) {
	case 'f':
	case 'T':
	case 't':
	case 'u':
	case OPTION_MAX_CALLS:
	case OPTION_BACKEND:
		command->err = parse_word(command, key, arg);
		return 0;
	case 'C':
		options->sums_tree = true;
		return 0;
	case 'M':
		command->is_multiprocess = true;
		return 0;
	case OPTION_KILL_ON_TIMEOUT:
		options->kills_on_timeout = true;
		return 0;
	case OPTION_NO_PROBES:
		options->traces = false;
		return 0;
	case OPTION_NO_FOLLOW:
		options->follows = false;
		return 0;
	case 'o':
		options->output = arg;
		return 0;
	case OPTION_ALLOW_MISSING:
		options->allows_missing = true;
		return 0;
	case 'E':
		return 0;
	case 'q':
		log_set_level(LOG_QUIET);
		return 0;
	case 'v':
		log_set_level(LOG_VERBOSE);
		return 0;
	case ARGP_KEY_ARG:
		/* PROGRAM: the words behind it are its own. */
		options->command = &state->argv[state->next - 1];
		state->next = state->argc;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = { argp_options, parse_option, "PROGRAM [ARG...]", doc, NULL,
				  NULL,		NULL };

static struct error *run_run(int argc, char **argv, int *ret_status)
{
	struct run_command command = {
		.options = {
			.interval_ns = NS_PER_S / 10,
			.max_calls = 1000000,
			.follows = true,
			.traces = true,
		},
	};

	struct error *err = pattern_set_create(&command.patterns);
	if (err != NULL)
		return err;
	err = command_options_parse(&argp, argc, argv, ARGP_IN_ORDER, &command);
	if (err == NULL)
		err = command.err;
	if (err == NULL && (command.options.command == NULL || *command.options.command[0] == '\0'))
		err = error_new(ERR_USAGE, "which PROGRAM is to be run?");
	command.options.patterns = command.patterns;
	command.options.lists_children = command.is_multiprocess || !command.options.sums_tree;
	if (err == NULL && command.options.kills_on_timeout && command.options.timeout_ns == 0)
		err = error_new(ERR_USAGE, "--kill-on-timeout needs --timeout");
	if (err == NULL)
		err = pattern_set_check(command.patterns);
	if (err == NULL && !command.options.traces && pattern_set_count(command.patterns) > 0)
		err = error_new(ERR_USAGE, "--no-probes and --functions exclude each other");
	command.options.launch_context.user = command.user;
	if (err == NULL)
		err = engine_run(&command.options, ret_status);
	pattern_set_destroy(command.patterns);
	return err;
}

const struct command cmd_run = { "run", "record a program (the default command)", run_run };
