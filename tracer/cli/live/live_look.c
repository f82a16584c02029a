/* A live view of a file that somebody else writes; see live_look.h. Cli layer. */
#include "tracer/cli/live/live_look.h"

#include <signal.h>
#include <string.h>

#include "tracer/cli/live/view_process.h"

struct error *live_look(const char *path, bool is_dark)
{
	static const int none = -1;
	static const int signals[] = { SIGCHLD, SIGTSTP, SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	const struct live_view_source source = {
		.recording_fd = -1,
		.path = path,
		.messages_fd = -1,
		.quit_words = "leave",
		.is_dark = is_dark,
	};
	struct view_process view;
	sigset_t set;

	struct error *err = view_process_start(&view, &source, &none);
	if (err != NULL)
		return err;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* It may have ended before its end could be waited for. */
	for (int signal = SIGCHLD; view.state == VIEW_RUNS; sigwait(&set, &signal)) {
		if (signal == SIGTSTP)
			view_process_stop(&view);
		else if (signal != SIGCHLD)
			kill(view.pid, SIGTERM);
		if (view_process_look(&view))
			break;
	}
	view_process_finish(&view);
	if (view.signal != 0)
		return error_new(ERR_FAILED, "the view was killed by signal %d (%s)", view.signal,
				 strsignal(view.signal));
	return NULL;
}
