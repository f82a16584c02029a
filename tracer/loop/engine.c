/* The front end and the engine; see engine.h. Loop layer. */
#include "tracer/loop/engine.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/base/reserve.h"
#include "tracer/loop/forwarding.h"
#include "tracer/loop/gdb_front.h"
#include "tracer/loop/recording.h"

/* Ours alone: the program gets its own back. */
static void raise_limit(int resource)
{
	struct rlimit limit;

	if (getrlimit((enum __rlimit_resource)resource, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit((enum __rlimit_resource)resource, &limit);
}

/*
 * The program has had what comes from the terminal or the kernel: the engine is only told. What
 * was sent to us alone is meant for the program.
 */
static void front_pass_on(pid_t engine, const siginfo_t *info)
{
	bool is_from_terminal = info->si_code > 0;
	const union sigval value = {
		.sival_int = is_from_terminal ? SIGNAL_FROM_TERMINAL : info->si_pid,
	};

	sigqueue(engine, info->si_signo, value);
}

/* What the front end waits for. An observer is to be stopped before the front end is. */
static void front_signals(const struct session_options *options, sigset_t *ret)
{
	forwarding_signals(ret);
	if (options->observer != NULL && options->observer->note_signal != NULL)
		sigaddset(ret, SIGTSTP);
}

static bool is_to_end(int signal)
{
	return signal == SIGINT || signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT;
}

static struct error *front_wait(pid_t engine, struct session_options *options, int *ret_status)
{
	sigset_t signals;
	int status;

	struct gdb_front gdb = { .options = options };

	front_signals(options, &signals);
	for (;;) {
		siginfo_t info;
		int signal = sigwaitinfo(&signals, &info);
		gdb_front_look(&gdb, engine);
		if (signal > 0 && info.si_code > 0 && signal != SIGCHLD && gdb_front_is_on(&gdb))
			continue; /* typed at gdb */
		if (signal > 0 && is_to_end(signal))
			options->end_signal = signal;
		if (signal > 0 && signal != SIGCHLD && signal != SIGTSTP)
			front_pass_on(engine, &info);
		else if (signal > 0 && options->observer != NULL &&
			 options->observer->note_signal != NULL)
			options->observer->note_signal(options->observer->data, signal);
		pid_t got = waitpid(engine, &status, WNOHANG);
		if (got < 0)
			return error_os(errno, "wait for the tracing process");
		if (got == engine)
			break;
	}
	gdb_front_end(&gdb);
	if (WIFSIGNALED(status))
		return error_new(ERR_FAILED, "the tracing process %d was killed by signal %d (%s)",
				 engine, WTERMSIG(status), strsignal(WTERMSIG(status)));
	*ret_status = WEXITSTATUS(status);
	return NULL;
}

struct error *engine_run(struct session_options *options, int *ret_status)
{
	sigset_t signals;

	if (!options->is_repeated)
		launch_context_save(&options->launch_context);
	options->is_repeated = true;
	options->front_pid = getpid();
	struct error *err = gdb_front_prepare(options);
	if (err != NULL)
		return err;
	front_signals(options, &signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGCHLD, SIG_DFL);
	pid_t engine = fork();
	if (engine < 0)
		return error_os(errno, "fork");
	if (engine > 0)
		return front_wait(engine, options, ret_status);
	if (options->attached_count == 0) {
		forwarding_engine_signals(&signals);
		sigprocmask(SIG_BLOCK, &signals, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);   /* a file size limit is met like a full disk */
	raise_limit(RLIMIT_NOFILE); /* two descriptors a process: hundreds exceed the usual one */
	raise_limit(RLIMIT_FSIZE);
	reserve_fill();
	return recording_run(options, ret_status);
}
