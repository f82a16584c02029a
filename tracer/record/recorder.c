/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The only writer of a FILE.dat; see recorder.h. Record layer. */
#include "tracer/record/recorder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/base/version.h"
#include "tracer/record/recorder_private.h"

/* Condensed calls are written once a window of this length is over. */
static const int64_t WINDOW_NS = 1000000000;
/* A tenth of a second, and room for ticks that come early. */
static const int64_t FLUSH_NS = 90000000;

void recorder_write_head(struct recorder *recorder, const struct recorder_options *options,
			 char *const command[])
{
	RECORDER_WRITE(recorder, PROFILE_CMDLINE, { .words = command });
	RECORDER_WRITE(recorder, PROFILE_FORMAT, { PROFILE_FORMAT_VERSION },
		       { .text = "mprof-trace " MPROF_TRACE_VERSION });
	RECORDER_WRITE(recorder, PROFILE_METRIC, { .text = options->metric }, { options->is_tree });
	RECORDER_WRITE(recorder, PROFILE_INTERVAL, { options->interval_ns });
	const struct job_rank *rank = options->rank;
	if (rank != NULL && rank->launcher != NULL)
		RECORDER_WRITE(
			recorder, PROFILE_RANK, { (int64_t)rank->rank }, { (int64_t)rank->size },
			{ .text = rank->job != NULL ? rank->job : "-" }, { .text = rank->node });
}

struct error *recorder_new(const struct recorder_options *options, struct recorder **ret)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));
	if (recorder == NULL)
		return error_no_memory();
	clock_base_init(&recorder->clock);
	line_writer_init(&recorder->out, -1);
	recorder->condenser.max_calls = options->max_calls;
	recorder->tell = options->tell;
	*ret = recorder;
	return NULL;
}

struct error *recorder_create_on(ssize_t (*write)(void *context, const char *bytes, size_t count),
				 void *context, const struct recorder_options *options,
				 char *const command[], struct recorder **ret)
{
	struct recorder *recorder;

	struct error *err = recorder_new(options, &recorder);
	if (err != NULL)
		return err;
	recorder->out.write = write;
	recorder->out.context = context;
	recorder_write_head(recorder, options, command);
	line_writer_flush(&recorder->out);
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

/* The file and the folders that were created for it, unless somebody else has put something there. */
static void remove_file(struct recorder *recorder)
{
	char *slash;

	unlink(recorder->path);
	while (recorder->made_folders > 0 && (slash = strrchr(recorder->path, '/')) != NULL &&
	       (size_t)(slash - recorder->path) >= recorder->made_folders) {
		*slash = '\0';
		if (rmdir(recorder->path) < 0)
			return; /* somebody else's file is in it */
	}
}

void recorder_discard(struct recorder *recorder)
{
	if (recorder == NULL)
		return;
	if (recorder->is_new)
		remove_file(recorder);
	recorder_destroy(recorder);
}

struct error *recorder_close(struct recorder *recorder)
{
	if (recorder == NULL)
		return NULL;
	recorder_flush(recorder, INT64_MAX);
	int errnum = recorder->out.errnum;
	if (recorder->out.fd >= 0 && close(recorder->out.fd) < 0 && errnum == 0)
		errnum = errno;
	recorder->out.fd = -1;
	struct error *err = NULL;
	if (errnum != 0)
		err = error_os(errnum, "the profile%s%s is not complete",
			       recorder->path == NULL ? "" : " ",
			       recorder->path == NULL ? "" : recorder->path);
	recorder_destroy(recorder);
	return err;
}

const char *recorder_path(const struct recorder *recorder)
{
	return recorder->path;
}

void recorder_memory(struct recorder *recorder, int64_t time_ns, uint64_t bytes)
{
	RECORDER_WRITE(recorder, PROFILE_MEM, { (int64_t)bytes }, { time_ns });
}

void recorder_child_memory(struct recorder *recorder, pid_t pid, int64_t time_ns, uint64_t bytes)
{
	RECORDER_WRITE(recorder, PROFILE_CHLD, { pid }, { (int64_t)bytes }, { time_ns });
}

void recorder_process(struct recorder *recorder, pid_t pid, pid_t parent_pid, int64_t time_ns,
		      const char *command)
{
	if (recorder->main_pid == 0)
		recorder->main_pid = pid;
	RECORDER_WRITE(recorder, PROFILE_PROC, { pid }, { parent_pid }, { time_ns },
		       { .text = command });
}

void recorder_exec(struct recorder *recorder, pid_t pid, int64_t time_ns, const char *command)
{
	RECORDER_WRITE(recorder, PROFILE_EXEC, { pid }, { time_ns }, { .text = command });
}

void recorder_thread(struct recorder *recorder, pid_t pid, pid_t tid, const char *name)
{
	RECORDER_WRITE(recorder, PROFILE_THRD, { pid }, { tid }, { .text = name });
}

void recorder_done(struct recorder *recorder, pid_t pid, int64_t time_ns, int status)
{
	/* Its pid may become a child's. */
	if (pid == recorder->main_pid)
		recorder->main_pid = -1;
	RECORDER_WRITE(recorder, PROFILE_DONE, { pid }, { time_ns }, { status });
}

void recorder_peak(struct recorder *recorder, pid_t pid, int64_t time_ns, uint64_t bytes)
{
	RECORDER_WRITE(recorder, PROFILE_PEAK, { pid }, { (int64_t)bytes }, { time_ns });
}

void recorder_definition(struct recorder *recorder, const char *name, unsigned line,
			 const char *file)
{
	RECORDER_WRITE(recorder, PROFILE_DEFN, { .text = name }, { line }, { .text = file });
}

void recorder_mark(struct recorder *recorder, const char *name, pid_t pid, pid_t tid,
		   int64_t time_ns, uint64_t bytes, bool is_held)
{
	RECORDER_WRITE(recorder, PROFILE_MARK, { .text = name }, { (int64_t)bytes }, { time_ns },
		       { pid }, { tid }, { is_held });
}

void recorder_added(struct recorder *recorder, pid_t pid, int64_t time_ns, uint64_t bytes)
{
	RECORDER_WRITE(recorder, PROFILE_ADDED, { pid }, { (int64_t)bytes }, { time_ns });
}

void recorder_ticks(struct recorder *recorder, const struct recorder_ticks *ticks)
{
	RECORDER_WRITE(recorder, PROFILE_TICKS, { (int64_t)ticks->taken },
		       { (int64_t)ticks->missed }, { (int64_t)ticks->skipped },
		       { ticks->late_mean_ns }, { ticks->late_longest_ns });
}

void recorder_miss(struct recorder *recorder, const char *pattern, const char *why)
{
	RECORDER_WRITE(recorder, PROFILE_MISS, { .text = pattern }, { .text = why });
}

void recorder_flush(struct recorder *recorder, int64_t now_ns)
{
	condenser_flush(&recorder->condenser, now_ns - WINDOW_NS, recorder_write_condensed,
			recorder);
	line_writer_flush(&recorder->out);
	recorder->flushed_ns = now_ns;
	if (recorder->out.errnum != 0 && !recorder->failure_said && recorder->tell != NULL) {
		recorder->failure_said = true;
		recorder->tell("cannot write the profile %s: %s; the program goes on, unrecorded",
			       recorder->path, strerror(recorder->out.errnum));
	}
}

void recorder_flush_if_due(struct recorder *recorder, int64_t now_ns)
{
	if (now_ns - recorder->flushed_ns >= FLUSH_NS)
		recorder_flush(recorder, now_ns);
}
