/* mprof-trace run: starts a program and records it (cli layer). */
#include <argp.h>
#include <errno.h>
#include <pwd.h>
#include <string.h>

#include "tracer/cli/command.h"
#include "tracer/cli/options/command_options.h"
#include "tracer/cli/live/live_run.h"
#include "tracer/cli/record/attach_targets.h"
#include "tracer/cli/record/program_options.h"
#include "tracer/loop/engine.h"

/* Keys of options without a letter. */
enum {
	OPTION_KILL_ON_TIMEOUT = 256,
	OPTION_NO_PROBES,
	OPTION_ON_EXIT,
	OPTION_MPI,
};

struct run_command {
	struct program_options program;
	const struct passwd *user;
	struct attach_targets targets;
	bool has_on_exit; /* --on-exit was given */
};

static const struct argp_option argp_options[] = {
	{ "no-probes", OPTION_NO_PROBES, NULL, 0,
	  "Trace nobody: sample memory only, for programs that must not be traced", 0 },
	{ "kill-on-timeout", OPTION_KILL_ON_TIMEOUT, NULL, 0, "Kill the program at the timeout",
	  0 },
	{ "attach", 'a', "PID|NAME", 0,
	  "Start nothing: record a process that runs already, as the attach command does; may be "
	  "repeated",
	  0 },
	{ "on-exit", OPTION_ON_EXIT, "detach|kill", 0,
	  "What becomes of the program when mprof-trace is killed: it goes on (the default), or is "
	  "killed, too",
	  0 },
	{ "mpi", OPTION_MPI, NULL, 0,
	  "Probe and record nothing before MPI_Init (or MPI_Init_thread) has returned", 0 },
	{ "user", 'u', "NAME", 0, "Run PROGRAM as user NAME (only root can)", 0 },
	{ "exit-code", 'E', NULL, 0, "Pass on the program's exit status (the default)", 0 },
	{ 0 },
};

static const char run_doc[] =
	"Runs PROGRAM, samples its memory and that of its children, and records when chosen "
	"functions start and end.\vThe exit status is the program's own (128+N for signal N); 125 "
	"when the recording failed, 126 and 127 when PROGRAM cannot be executed or does not exist.";

static const char live_doc[] =
	"Records, as run or attach do, and shows it on the terminal meanwhile: memory over time, "
	"processes, open calls, functions. One word that is the pid or the name of a process which "
	"runs means that process; else a PROGRAM is started.\vWhat the program would write to that "
	"terminal goes to a file beside the profile; it has no terminal to read from.";

static struct error *parse_user(const char *name, const struct passwd **ret)
{
	errno = 0;
	*ret = getpwnam(name); /* stays valid: it is asked for once more only by a second -u */
	if (*ret != NULL)
		return NULL;
	return errno != 0 ? error_os(errno, "--user %s", name)
			  : error_new(ERR_USAGE, "--user %s: there is no such user", name);
}

static struct error *parse_on_exit(const char *text, bool *ret_kills)
{
	*ret_kills = strcmp(text, "kill") == 0;
	if (*ret_kills || strcmp(text, "detach") == 0)
		return NULL;
	return error_new(ERR_USAGE, "--on-exit %s: say detach or kill", text);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct run_command *command = state->input;
	struct recording_options *recording = &command->program.recording;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &command->program;
		return 0;
	case 'u':
		if (recording->err == NULL)
			recording->err = parse_user(arg, &command->user);
		return 0;
	case 'a':
		if (recording->err == NULL)
			recording->err = attach_targets_add(&command->targets, arg);
		if (!recording->has_survival)
			recording->session.survives = true;
		return 0;
	case OPTION_ON_EXIT:
		command->has_on_exit = true;
		if (recording->err == NULL)
			recording->err = parse_on_exit(arg, &recording->session.kills_on_exit);
		return 0;
	case OPTION_KILL_ON_TIMEOUT:
		recording->session.kills_on_timeout = true;
		return 0;
	case OPTION_MPI:
		recording->session.waits_for_mpi = true;
		return 0;
	case OPTION_NO_PROBES:
		recording->session.traces = false;
		return 0;
	case 'E':
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child argp_children[] = { { .argp = &program_argp }, { 0 } };
static const struct argp run_argp = {
	argp_options, parse_option, "PROGRAM [ARG...]", run_doc, argp_children, NULL, NULL,
};
static const struct argp live_argp = {
	argp_options, parse_option, "PID|NAME|PROGRAM [ARG...]", live_doc, argp_children,
	NULL,	      NULL,
};

/* One word, which may be a process that runs: then it is that. A path is a program. */
static struct error *live_choose_process(struct run_command *command)
{
	struct session_options *session = &command->program.recording.session;

	if (session->command == NULL || session->command[1] != NULL || command->targets.count > 0 ||
	    strchr(session->command[0], '/') != NULL || session->command[0][0] == '\0')
		return NULL;
	struct error *err = attach_targets_add(&command->targets, session->command[0]);
	if (err != NULL)
		return error_ignore(err, ERR_GONE);
	session->command = NULL;
	if (!command->program.recording.has_survival)
		session->survives = true;
	return NULL;
}

static struct error *run_check(const struct run_command *command)
{
	const struct session_options *session = &command->program.recording.session;
	bool is_attached = command->targets.count > 0;

	if (is_attached && session->command != NULL)
		return error_new(ERR_USAGE, "--attach starts no PROGRAM: %s is not expected",
				 session->command[0]);
	if (is_attached &&
	    (command->user != NULL || session->kills_on_timeout || session->kills_on_exit))
		return error_new(ERR_USAGE, "--attach cannot be combined with --user, "
					    "--kill-on-timeout and --on-exit=kill");
	if (session->waits_for_mpi && (is_attached || !session->traces))
		return error_new(ERR_USAGE, "--mpi cannot be combined with %s",
				 is_attached ? "--attach: it waits for the program's start"
					     : "--no-probes: a probe sees MPI_Init return");
	if (!is_attached && (session->command == NULL || *session->command[0] == '\0'))
		return error_new(ERR_USAGE, "which PROGRAM is to be run?");
	if (session->kills_on_timeout && session->timeout_ns == 0)
		return error_new(ERR_USAGE, "--kill-on-timeout needs --timeout");
	if (!session->traces && session->kills_on_exit)
		return error_new(
			ERR_USAGE,
			"--on-exit=kill needs a traced program, and --no-probes traces none");
	if (!session->traces && pattern_set_count(session->patterns) > 0)
		return error_new(ERR_USAGE, "--no-probes and --functions exclude each other");
	return NULL;
}

/*
 * A launcher ends a job by killing what it has started: a program that outlived us would keep the job's other ranks, and
 * the launcher, waiting for ever.
 */
static void run_choose_end(struct run_command *command)
{
	struct session_options *session = &command->program.recording.session;

	session->must_trace = session->kills_on_exit;
	if (!command->has_on_exit && session->traces && command->targets.count == 0 &&
	    job_rank_has_others(session->rank))
		session->kills_on_exit = true;
}

static struct error *run_record(struct run_command *command, int *ret_status)
{
	struct session_options *session = &command->program.recording.session;

	if (command->targets.count > 0) {
		struct error *err = attach_targets_prepare(&command->targets, session);
		if (err != NULL)
			return err;
	}
	program_choose_marks(session);
	return command->program.recording.is_live ? live_run(session, ret_status)
						  : engine_run(session, ret_status);
}

static struct error *run_parsed(int argc, char **argv, bool is_live, int *ret_status)
{
	struct run_command command = { 0 };
	struct recording_options *recording = &command.program.recording;
	struct session_options *session = &recording->session;

	struct error *err = program_options_init(&command.program);
	if (err != NULL)
		return err;
	recording->is_live = is_live;
	err = command_options_parse(is_live ? &live_argp : &run_argp, argc, argv, ARGP_IN_ORDER,
				    &command);
	session->command = command.program.words;
	if (err == NULL)
		err = recording_options_finish(recording);
	if (err == NULL && is_live)
		err = live_choose_process(&command);
	if (err == NULL)
		err = run_check(&command);
	if (err == NULL)
		run_choose_end(&command);
	const char *program = session->command == NULL ? "" : session->command[0];
	if (err == NULL)
		err = program_explain(program_choose_python(&command.program.python, session),
				      program);
	session->launch_context.user = command.user;
	if (err == NULL)
		err = program_explain(run_record(&command, ret_status), program);
	attach_targets_deinit(&command.targets);
	program_options_deinit(&command.program);
	return err;
}

static struct error *run_run(int argc, char **argv, int *ret_status)
{
	return run_parsed(argc, argv, false, ret_status);
}

static struct error *live_start(int argc, char **argv, int *ret_status)
{
	return run_parsed(argc, argv, true, ret_status);
}

const struct command cmd_run = { "run", "Record a program (the default command)", run_run,
				 &run_argp };
const struct command cmd_live = { "live", "Record, and show it on the terminal meanwhile",
				  live_start, &live_argp };
