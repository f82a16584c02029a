/* The only writer of a FILE.dat; see recorder.h. Record layer. */
#include "tracer/record/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/base/version.h"
#include "tracer/record/condenser.h"
#include "tracer/record/line_writer.h"
#include "tracer/record/output_name.h"
#include "tracer/record/record_line.h"

/* Condensed calls are written once a window of this length is over. */
static const int64_t WINDOW_NS = 1000000000;
/* A tenth of a second, and room for ticks that come early. */
static const int64_t FLUSH_NS = 90000000;

struct recorder {
	char *path;
	bool is_new; /* we have created the file, and may remove it */
	bool failure_said;
	int64_t flushed_ns;
	pid_t main_pid; /* 0: not seen yet */
	struct clock_base clock;
	struct condenser condenser;
	struct line_writer out;
};

/* The default name; @seconds later than now when that one is taken. */
static char *default_path(time_t now)
{
	char name[64];
	struct tm local;

	localtime_r(&now, &local);
	strftime(name, sizeof(name), "mprofile_%Y%m%d%H%M%S.dat", &local);
	return strdup(name);
}

static struct error *recorder_open_default(struct recorder *recorder)
{
	enum { NAME_TRIES = 1000 };
	time_t now = time(NULL);

	for (int i = 0; i < NAME_TRIES; i++) {
		free(recorder->path);
		recorder->path = default_path(now + i);
		if (recorder->path == NULL)
			return error_no_memory();
		recorder->out.fd = open(recorder->path,
					O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
		recorder->is_new = recorder->out.fd >= 0;
		if (recorder->is_new)
			return NULL;
		if (errno != EEXIST)
			break;
	}
	return error_context(error_os(errno, "%s", recorder->path),
			     "cannot create the profile (-o names another place)");
}

/* Opening a named pipe waits for its reader: signals, blocked otherwise, must be able to end that. */
static int open_existing(const char *path)
{
	struct stat status;
	sigset_t none, blocked;
	bool is_pipe = stat(path, &status) == 0 && S_ISFIFO(status.st_mode);

	sigemptyset(&none);
	sigprocmask(is_pipe ? SIG_SETMASK : SIG_UNBLOCK, &none, &blocked);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	int errnum = errno;
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	errno = errnum;
	return fd;
}

/* A file that is there is replaced by the first bytes: a program that cannot be run leaves it alone. */
static struct error *recorder_open(struct recorder *recorder,
				   const struct recorder_options *options)
{
	struct stat status;

	if (options->path == NULL)
		return recorder_open_default(recorder);
	struct error *err = output_name_expand(options->path, options->pid, &recorder->path);
	if (err != NULL)
		return err;
	recorder->out.fd =
		open(recorder->path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
	recorder->is_new = recorder->out.fd >= 0;
	if (!recorder->is_new && errno == EEXIST)
		recorder->out.fd = open_existing(recorder->path);
	if (recorder->out.fd < 0 || fstat(recorder->out.fd, &status) < 0)
		return error_os(errno, "cannot write the profile %s", recorder->path);
	recorder->out.replaces = S_ISREG(status.st_mode);
	recorder->out.is_pipe = S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode);
	return NULL;
}

/* One record; further arguments are its values, one for each field of the table. */
#define WRITE(recorder, kind, ...)                                                                 \
	record_line_write(&(recorder)->out, &(recorder)->clock, (kind),                            \
			  (const union record_value[]){ __VA_ARGS__ },                             \
			  sizeof((const union record_value[]){ __VA_ARGS__ }) /                    \
				  sizeof(union record_value))

static void write_head(struct recorder *recorder, const struct recorder_options *options,
		       char *const command[])
{
	WRITE(recorder, PROFILE_CMDLINE, { .words = command });
	WRITE(recorder, PROFILE_FORMAT, { PROFILE_FORMAT_VERSION },
	      { .text = "mprof-trace " MPROF_TRACE_VERSION });
	WRITE(recorder, PROFILE_METRIC, { .text = options->metric }, { options->is_tree });
	WRITE(recorder, PROFILE_INTERVAL, { options->interval_ns });
}

struct error *recorder_create(const struct recorder_options *options, char *const command[],
			      struct recorder **ret)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));
	if (recorder == NULL)
		return error_no_memory();
	clock_base_init(&recorder->clock);
	line_writer_init(&recorder->out, -1);
	recorder->condenser.max_calls = options->max_calls;
	struct error *err = recorder_open(recorder, options);
	if (err != NULL) {
		recorder_discard(recorder);
		return err;
	}
	write_head(recorder, options, command);
	*ret = recorder;
	return NULL;
}

static void recorder_destroy(struct recorder *recorder)
{
	if (recorder->out.fd >= 0)
		close(recorder->out.fd);
	condenser_deinit(&recorder->condenser);
	free(recorder->path);
	free(recorder);
}

void recorder_discard(struct recorder *recorder)
{
	if (recorder == NULL)
		return;
	if (recorder->is_new)
		unlink(recorder->path);
	recorder_destroy(recorder);
}

struct error *recorder_close(struct recorder *recorder)
{
	if (recorder == NULL)
		return NULL;
	recorder_flush(recorder, INT64_MAX);
	int errnum = recorder->out.errnum;
	if (close(recorder->out.fd) < 0 && errnum == 0)
		errnum = errno;
	recorder->out.fd = -1;
	struct error *err = NULL;
	if (errnum != 0)
		err = error_os(errnum, "the profile %s is not complete", recorder->path);
	recorder_destroy(recorder);
	return err;
}

const char *recorder_path(const struct recorder *recorder)
{
	return recorder->path;
}

void recorder_memory(struct recorder *recorder, int64_t time_ns, uint64_t bytes)
{
	WRITE(recorder, PROFILE_MEM, { (int64_t)bytes }, { time_ns });
}

void recorder_child_memory(struct recorder *recorder, pid_t pid, int64_t time_ns, uint64_t bytes)
{
	WRITE(recorder, PROFILE_CHLD, { pid }, { (int64_t)bytes }, { time_ns });
}

void recorder_process(struct recorder *recorder, pid_t pid, pid_t parent_pid, int64_t time_ns,
		      const char *command)
{
	if (recorder->main_pid == 0)
		recorder->main_pid = pid;
	WRITE(recorder, PROFILE_PROC, { pid }, { parent_pid }, { time_ns }, { .text = command });
}

void recorder_exec(struct recorder *recorder, pid_t pid, int64_t time_ns, const char *command)
{
	WRITE(recorder, PROFILE_EXEC, { pid }, { time_ns }, { .text = command });
}

void recorder_thread(struct recorder *recorder, pid_t pid, pid_t tid, const char *name)
{
	WRITE(recorder, PROFILE_THRD, { pid }, { tid }, { .text = name });
}

void recorder_done(struct recorder *recorder, pid_t pid, int64_t time_ns, int status)
{
	/* Its pid may become a child's. */
	if (pid == recorder->main_pid)
		recorder->main_pid = -1;
	WRITE(recorder, PROFILE_DONE, { pid }, { time_ns }, { status });
}

void recorder_peak(struct recorder *recorder, pid_t pid, int64_t time_ns, uint64_t bytes)
{
	WRITE(recorder, PROFILE_PEAK, { pid }, { (int64_t)bytes }, { time_ns });
}

void recorder_definition(struct recorder *recorder, const char *name, unsigned line,
			 const char *file)
{
	WRITE(recorder, PROFILE_DEFN, { .text = name }, { line }, { .text = file });
}

void recorder_mark(struct recorder *recorder, const char *name, pid_t pid, pid_t tid,
		   int64_t time_ns, uint64_t bytes, bool is_held)
{
	WRITE(recorder, PROFILE_MARK, { .text = name }, { (int64_t)bytes }, { time_ns }, { pid },
	      { tid }, { is_held });
}

void recorder_added(struct recorder *recorder, pid_t pid, int64_t time_ns, uint64_t bytes)
{
	WRITE(recorder, PROFILE_ADDED, { pid }, { (int64_t)bytes }, { time_ns });
}

void recorder_ticks(struct recorder *recorder, const struct recorder_ticks *ticks)
{
	WRITE(recorder, PROFILE_TICKS, { (int64_t)ticks->taken }, { (int64_t)ticks->missed },
	      { (int64_t)ticks->skipped }, { ticks->late_mean_ns }, { ticks->late_longest_ns });
}

void recorder_miss(struct recorder *recorder, const char *pattern, const char *why)
{
	WRITE(recorder, PROFILE_MISS, { .text = pattern }, { .text = why });
}

void recorder_call_ended(struct recorder *recorder, const struct recorder_call *call,
			 int64_t end_ns, uint64_t end_bytes, enum call_end how)
{
	bool is_single = true;

	/*
	 * A call that has come with a fork has been counted in the parent, which a sum cannot say.
	 * Without memory for a window, the call is written by itself.
	 */
	if (!call->is_noted && how != CALL_FORKED)
		error_free(condenser_add(&recorder->condenser, call->name, call->pid,
					 call->entry_ns, call->entry_bytes, end_ns, end_bytes,
					 call->held != CALL_HELD_NONE, &is_single));
	if (!is_single)
		return;
	bool is_childs = recorder->main_pid != 0 && call->pid != recorder->main_pid;
	WRITE(recorder, is_childs ? PROFILE_CHFUNC : PROFILE_FUNC, { .text = call->name },
	      { (int64_t)call->entry_bytes }, { call->entry_ns }, { (int64_t)end_bytes },
	      { end_ns }, { call->level }, { call->pid }, { call->tid }, { how }, { call->held });
}

static void write_condensed(void *context, const char *name, const struct condensed *window)
{
	struct recorder *recorder = context;

	WRITE(recorder, PROFILE_MANY, { .text = name }, { window->pid }, { window->from_ns },
	      { window->to_ns }, { (int64_t)window->count }, { window->total_ns },
	      { window->shortest_ns }, { window->longest_ns }, { window->gained_bytes },
	      { (int64_t)window->max_bytes }, { (int64_t)window->held_count });
}

void recorder_calls_summed(struct recorder *recorder, const char *name,
			   const struct recorder_sum *sum)
{
	const struct condensed condensed = {
		.pid = sum->pid,
		.from_ns = sum->from_ns,
		.to_ns = sum->to_ns,
		.count = sum->count,
		.total_ns = sum->total_ns,
		.shortest_ns = sum->shortest_ns,
		.longest_ns = sum->longest_ns,
		.max_bytes = sum->bytes,
		.held_count = sum->is_held ? sum->count : 0,
	};

	/* Without memory for a window, it is one by itself. */
	struct error *err = condenser_add_sum(&recorder->condenser, name, &condensed);
	if (err != NULL)
		write_condensed(recorder, name, &condensed);
	error_free(err);
}

void recorder_condense(struct recorder *recorder, const char *name)
{
	/* Without memory for that its calls go on to be written by themselves. */
	error_free(condenser_begin(&recorder->condenser, name));
}

void recorder_left(struct recorder *recorder, const char *name, int64_t time_ns, uint64_t calls)
{
	WRITE(recorder, PROFILE_LEFT, { .text = name }, { time_ns }, { (int64_t)calls });
}

bool recorder_condenses(const struct recorder *recorder, uint64_t calls)
{
	return condenser_is_past(&recorder->condenser, calls);
}

int64_t recorder_limit_ns(const struct recorder *recorder, const char *name)
{
	return condenser_limit_ns(&recorder->condenser, name);
}

void recorder_call_open(struct recorder *recorder, const struct recorder_call *call)
{
	WRITE(recorder, PROFILE_OPEN, { .text = call->name }, { (int64_t)call->entry_bytes },
	      { call->entry_ns }, { call->level }, { call->pid }, { call->tid },
	      { call->held & CALL_HELD_IN });
}

void recorder_flush(struct recorder *recorder, int64_t now_ns)
{
	condenser_flush(&recorder->condenser, now_ns - WINDOW_NS, write_condensed, recorder);
	line_writer_flush(&recorder->out);
	recorder->flushed_ns = now_ns;
	if (recorder->out.errnum != 0 && !recorder->failure_said) {
		recorder->failure_said = true;
		log_error("cannot write the profile %s: %s; the program goes on, unrecorded",
			  recorder->path, strerror(recorder->out.errnum));
	}
}

void recorder_flush_if_due(struct recorder *recorder, int64_t now_ns)
{
	if (now_ns - recorder->flushed_ns >= FLUSH_NS)
		recorder_flush(recorder, now_ns);
}
