/* The line that a terminal shows; see status_line.h. Loop layer. */
#include "tracer/loop/status_line.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/base/terminal_size.h"
#include "tracer/loop/memory/process_memory.h"

enum {
	LOOK_SHARE = 50, /* looking at the processes takes a fiftieth of the time at most */
	FREE_LOOKS = 2,	 /* a process that is about to go has closed its files, and is no news */
	COLUMNS = 80,	 /* of a terminal that does not say */
	LINE_BYTES = 160,
};

static const int64_t REDRAW_NS = 200000000;    /* five times a second at most */
static const int64_t PATIENCE_NS = 1000000000; /* its clock shows seconds */

static const char CLEAR[] = "\r\033[K";

void status_line_begin(struct session *session)
{
	struct status_line *line = &session->status_line;
	const char *kind = getenv("TERM");
	struct stat status;

	line->fd = -1;
	if (log_is_quiet() || session->options->observer != NULL || isatty(STDERR_FILENO) != 1 ||
	    kind == NULL || strcmp(kind, "dumb") == 0 || fstat(STDERR_FILENO, &status) < 0)
		return;
	line->terminal = status.st_rdev;
	/*
	 * A file description of our own: a terminal whose output is held (Ctrl-S) must not hold us, and
	 * O_NONBLOCK on the one that we share with others would be theirs, too.
	 */
	line->fd = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/* What cannot be looked at may be the terminal. */
static bool is_terminal(const struct status_line *line, pid_t tid, int number)
{
	char path[48];
	struct stat status;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", tid, number);
	if (stat(path, &status) < 0)
		return errno != ENOENT && errno != ESRCH; /* closed, or the process has ended */
	if (!S_ISCHR(status.st_mode))
		return false;
	/* /dev/tty is the terminal of who has opened it. */
	return status.st_rdev == line->terminal || status.st_rdev == makedev(5, 0);
}

static bool is_in_use(const struct session *session)
{
	const struct status_line *line = &session->status_line;
	const struct process *process;
	size_t cursor = 0;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		pid_t tid = process_memory_tid(process);
		if (is_terminal(line, tid, STDOUT_FILENO) || is_terminal(line, tid, STDERR_FILENO))
			return true;
	}
	return false;
}

/* "mprof-trace: 1:02:03  64.1 MiB  3 processes  1204 calls" */
static size_t describe(const struct session *session, int64_t now_ns, char ret[LINE_BYTES])
{
	const double mib = 1 << 20;
	const size_t processes = session->target.processes.count;
	char calls[40] = "", elapsed[CLOCK_TEXT_BYTES];

	clock_format_elapsed(elapsed, now_ns - session->first_sample_ns);
	if (pattern_set_count(session->options->patterns) > 0 || session->options->wants_python)
		snprintf(calls, sizeof(calls), "  %" PRIu64 " call%s",
			 session->planner.probes.call_count,
			 session->planner.probes.call_count == 1 ? "" : "s");
	return (size_t)snprintf(ret, LINE_BYTES, "mprof-trace: %s  %.1f MiB  %zu process%s%s",
				elapsed, (double)session->counts.tree_bytes / mib, processes,
				processes == 1 ? "" : "es", calls);
}

static void draw(struct session *session, int64_t now_ns)
{
	struct status_line *line = &session->status_line;
	struct winsize size;
	char text[LINE_BYTES], all[LINE_BYTES + sizeof(CLEAR)];

	size_t bytes = describe(session, now_ns, text);
	size_t columns = terminal_size_read(line->fd, &size) ? size.ws_col : COLUMNS;
	if (bytes >=
	    columns) /* the last one stays free: a terminal may go to the next line behind it */
		bytes = columns - 1;
	int length = snprintf(all, sizeof(all), "%s%.*s", CLEAR, (int)bytes, text);
	/* What the terminal does not take now is drawn again soon. */
	line->is_shown |= write(line->fd, all, (size_t)length) > 0;
	log_expect_status_line(line->is_shown);
}

static void take_away(struct session *session)
{
	struct status_line *line = &session->status_line;

	if (!line->is_shown)
		return;
	line->is_shown = false;
	/* A message may have been written over it meanwhile. */
	if (log_has_status_line())
		(void)!write(line->fd, CLEAR, sizeof(CLEAR) - 1);
	log_expect_status_line(false);
}

void status_line_look(struct session *session)
{
	struct status_line *line = &session->status_line;
	const int64_t now_ns = clock_now_ns();

	if (line->fd < 0 || now_ns < line->next_ns || session->counts.tree_bytes == 0 ||
	    session->target.processes.count == 0)
		return;
	if (session->breaks.gdb_pid != 0) {
		take_away(session);
	} else if (process_is_in_background(session->options->front_pid)) {
		/* The line belongs to somebody else by now, the shell perhaps. */
		line->is_shown = false;
		log_expect_status_line(false);
	} else if (is_in_use(session)) {
		line->free_looks = 0;
		take_away(session);
	} else if (++line->free_looks >= FREE_LOOKS) {
		draw(session, now_ns);
	}
	int64_t pause_ns = LOOK_SHARE * (clock_now_ns() - now_ns);
	line->next_ns = now_ns + (pause_ns > REDRAW_NS ? pause_ns : REDRAW_NS);
}

int64_t status_line_patience_ns(const struct session *session)
{
	return session->status_line.is_shown ? PATIENCE_NS : -1;
}

void status_line_end(struct session *session)
{
	struct status_line *line = &session->status_line;

	if (line->fd < 0)
		return;
	take_away(session);
	close(line->fd);
	line->fd = -1;
}
