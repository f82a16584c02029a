/*
 * A recording with a live view of it; see live_run.h. Cli layer.
 *
 * Three processes: the front end, which the shell knows, and its children, the engine and the view. The
 * engine tells the view the file's name through a pipe, whose end is the recording's; what is drawn is
 * read from the file, as by anybody. The front end gives the terminal back when the view is killed, the
 * view when the front end is.
 */
#include "tracer/cli/live/live_run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracer/base/log.h"
#include "tracer/cli/live/live_streams.h"
#include "tracer/cli/live/view_process.h"
#include "tracer/loop/engine.h"

struct live_run {
	struct live_streams streams;
	struct view_process view;
	int tell_fd; /* the pipe's end for what records */
	bool is_attached;
};

/* In the engine. A view that is gone, or a name that is too long, is no reason not to record. */
static void note_file(void *data, const char *path)
{
	struct live_run *live = data;
	size_t bytes = strlen(path);

	live_streams_name_output(&live->streams, path);
	if (write(live->tell_fd, path, bytes) != (ssize_t)bytes ||
	    write(live->tell_fd, "\n", 1) != 1)
		log_warning("the view does not know the file");
}

/* Whoever attached to look is done; a program that we have started is not to be left alone. */
static void take_view_end(struct live_run *live)
{
	if (live->view.state == VIEW_ENDED)
		return;
	live_streams_speak(&live->streams);
	if (live->view.state == VIEW_LEFT && live->is_attached) {
		raise(SIGINT); /* waited for, and passed on to the engine, as if typed */
		return;
	}
	if (live->view.signal != 0)
		log_warning("the view was killed by signal %d (%s)", live->view.signal,
			    strsignal(live->view.signal));
	log_info("the recording goes on without a view; Ctrl-C %s",
		 live->is_attached ? "ends it" : "interrupts the program");
}

static void note_signal(void *data, int signal)
{
	struct live_run *live = data;

	if (signal == SIGTSTP)
		view_process_stop(&live->view);
	else if (view_process_look(&live->view))
		take_view_end(live);
}

/* What cannot be read again while it is written cannot be looked at. */
static struct error *check_output(const char *path)
{
	struct stat status;

	if (path == NULL || stat(path, &status) < 0 || S_ISREG(status.st_mode))
		return NULL;
	return error_new(ERR_USAGE,
			 "-o %s: a live view reads what is recorded, which needs a regular file",
			 path);
}

static struct error *start_view(struct live_run *live, int ends[2])
{
	const int keep_closed[] = { ends[1], -1 };
	const struct live_view_source source = {
		.recording_fd = ends[0],
		.messages_fd = live->streams.messages_fd,
		.quit_words = live->is_attached ? "end" : "leave, ^C interrupt",
	};

	return view_process_start(&live->view, &source, keep_closed);
}

struct error *live_run(struct session_options *session, int *ret_status)
{
	struct live_run live = { .is_attached = session->attached_count > 0 };
	const struct session_observer observer = { note_file, note_signal, &live };
	pid_t front = getpid();
	int ends[2];

	struct error *err = check_output(session->output);
	if (err == NULL && pipe2(ends, O_CLOEXEC) < 0)
		err = error_os(errno, "pipe");
	if (err != NULL)
		return err;
	err = live_streams_open(&live.streams, session->output,
				live.is_attached ? NULL : &session->launch_context);
	if (err == NULL) {
		err = start_view(&live, ends);
		if (err != NULL)
			live_streams_close(&live.streams);
	}
	close(ends[0]);
	if (err != NULL) {
		close(ends[1]);
		return err;
	}
	live.tell_fd = ends[1];
	session->observer = &observer;
	err = engine_run(session, ret_status);
	session->observer = NULL;
	close(live.tell_fd);
	if (getpid() != front) /* the engine: the terminal is the front end's to give back */
		return err;
	view_process_finish(&live.view);
	live_streams_close(&live.streams);
	return err;
}
