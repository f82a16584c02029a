/* A live view in a process of its own; see view_process.h. Cli layer. */
#include "tracer/cli/live/view_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "plot/live/live_screen.h"
#include "tracer/base/clock.h"
#include "tracer/base/log.h"

enum { STATUS_LEFT = 1, STATUS_FAILED = 125, NICE = 5 };

/* How long a view may take to stop: it may be waiting for a terminal that Ctrl-S holds. */
static const int64_t STOP_PATIENCE_NS = 10000000000;

/* Never returns. */
static void run(const struct live_view_source *source, const int *keep_closed, pid_t parent)
{
	enum live_view_end end;

	for (size_t i = 0; keep_closed[i] >= 0; i++)
		close(keep_closed[i]);
	/* Who waits for us no more cannot give the terminal back either. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(STATUS_FAILED);
	/* The program comes first where there is little CPU. */
	errno = 0;
	if (nice(NICE) < 0 && errno != 0)
		log_debug("nice: the view keeps its priority");
	struct error *err = live_view_run(source, &end);
	if (err != NULL)
		log_error("the view ends: %s; the recording goes on", error_message(err));
	_exit(err != NULL ? STATUS_FAILED : end == LIVE_VIEW_QUIT ? STATUS_LEFT : EXIT_SUCCESS);
}

struct error *view_process_start(struct view_process *ret, const struct live_view_source *source,
				 const int *keep_closed)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct live_screen screen;
	struct error *err = live_screen_open(&screen);

	if (err != NULL)
		return err;
	*ret = (struct view_process){ .before = screen.before };
	ret->terminal_fd = fcntl(screen.fd, F_DUPFD_CLOEXEC, 0);
	live_screen_close(&screen);
	if (ret->terminal_fd < 0)
		return error_os(errno, "cannot open the terminal");
	pid_t parent = getpid();
	sigset_t ends, before;
	/* One may come to the view before it waits for any, and while it gives the terminal back. */
	sigemptyset(&ends);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(&ends, signals[i]);
	sigprocmask(SIG_BLOCK, &ends, &before);
	ret->pid = fork();
	if (ret->pid == 0)
		run(source, keep_closed, parent);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (ret->pid > 0)
		return NULL;
	err = error_os(errno, "fork");
	close(ret->terminal_fd);
	return err;
}

static void take_end(struct view_process *view, int status)
{
	if (WIFSIGNALED(status)) {
		view->state = VIEW_FAILED;
		view->signal = WTERMSIG(status);
		live_screen_rescue(view->terminal_fd, &view->before);
		return;
	}
	int code = WEXITSTATUS(status);
	view->state = code == STATUS_LEFT    ? VIEW_LEFT
		      : code == EXIT_SUCCESS ? VIEW_ENDED
					     : VIEW_FAILED;
}

bool view_process_look(struct view_process *view)
{
	int status;

	if (view->state != VIEW_RUNS || waitpid(view->pid, &status, WNOHANG) != view->pid)
		return false;
	take_end(view, status);
	return true;
}

/* Whether it stands still, or has ended. */
static bool has_stopped(const struct view_process *view)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)view->pid, &info, WSTOPPED | WEXITED | WNOWAIT | WNOHANG) < 0 ||
	       info.si_pid == view->pid;
}

void view_process_stop(struct view_process *view)
{
	static const struct timespec while_ns = { .tv_nsec = 5000000 };
	int64_t end_ns = clock_now_ns() + STOP_PATIENCE_NS;

	/* Typed, it has come to the view as well: one of two counts. */
	if (view->state == VIEW_RUNS) {
		kill(view->pid, SIGTSTP);
		while (!has_stopped(view) && clock_now_ns() < end_ns)
			nanosleep(&while_ns, NULL);
		if (!has_stopped(view)) {
			kill(view->pid, SIGSTOP);
			live_screen_rescue(view->terminal_fd, &view->before);
		}
	}
	raise(SIGSTOP);
	if (view->state == VIEW_RUNS)
		kill(view->pid, SIGCONT);
}

void view_process_finish(struct view_process *view)
{
	int status;
	pid_t got = 0;

	while (view->state == VIEW_RUNS && got >= 0) {
		got = waitpid(view->pid, &status, 0);
		if (got == view->pid)
			take_end(view, status);
		else if (got < 0 && errno == EINTR)
			got = 0;
	}
	close(view->terminal_fd);
}
