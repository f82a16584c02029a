/*
 * A program is recorded, its figures are taken, the recording goes; see memit_runs.h. Cli layer.
 *
 * A recording goes to a file without a name: nothing is left of it whatever kills us.
 */
#include "tracer/cli/memit/memit_runs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plot/records/profile_reader.h"
#include "tracer/base/log.h"
#include "tracer/base/output_file.h"
#include "tracer/cli/profiles/unnamed_file.h"
#include "tracer/cli/terminal/progress_bar.h"
#include "tracer/loop/engine.h"
#include "tracer/job/output_name.h"

/* Of each process: peaks are those of all samples, however few are kept. */
enum { SAMPLES_MOST = 1 << 16, PATH_BYTES = 64 };

static struct error *take_figures(struct memit_runs *runs, const char *path, int status,
				  struct usage *usage)
{
	const struct series_range whole = { INT64_MIN, INT64_MAX, SAMPLES_MOST };
	struct mark_list marks = { 0 };
	const struct sample_visitor visitor = { .data = &marks, .visit_mark = mark_list_add };
	struct profile profile;
	struct progress_bar bar;
	const struct profile_reading reading = {
		.range = &whole,
		.progress = progress_bar_step,
		.data = &bar,
		.visitor = runs->has_marks ? &visitor : NULL,
	};

	progress_bar_init(&bar, "the recording");
	struct error *err = profile_read_with(&profile, path, &reading);
	progress_bar_end(&bar);
	if (err != NULL) {
		mark_list_deinit(&marks);
		return err;
	}
	mark_list_sort(&marks);
	if (profile.damaged_lines > 0)
		log_warning("the recording (in %s, as TMPDIR has it) is not whole: the figures are "
			    "of a part of the run",
			    unnamed_file_directory());
	runs->main_pid = profile.processes[0].pid;
	/* Of our own failures the program's part is not known by the status alone. */
	int own_status = profile.processes[0].status;
	err = usage_add(usage, &profile, runs->has_marks ? &marks : NULL,
			own_status >= 0 ? own_status
			: status > 0	? status
					: -1);
	mark_list_deinit(&marks);
	profile_deinit(&profile);
	return err;
}

static struct error *copy(int from, struct output_file *to)
{
	char block[1 << 16];
	ssize_t got;

	for (off_t at = 0; (got = pread(from, block, sizeof(block), at)) != 0; at += got) {
		if (got < 0)
			return error_os(errno, "cannot read the recording");
		if (fwrite(block, 1, (size_t)got, to->out) != (size_t)got)
			return error_os(errno, "cannot write %s", to->target);
	}
	return NULL;
}

static struct error *find_output(const char *keep, const struct output_writer *writer,
				 char target[static PATH_MAX])
{
	char *name;

	struct error *err = output_name_expand(keep, writer, &name);
	if (err != NULL)
		return err;
	err = output_file_check(name, NULL, target);
	free(name);
	return err;
}

struct error *memit_runs_check_output(const char *keep, const struct job_rank *rank)
{
	const struct output_writer writer = { .pid = getpid(), .rank = rank };
	struct output_file file = { 0 };
	char target[PATH_MAX];

	struct error *err = find_output(keep, &writer, target);
	if (err == NULL)
		err = output_file_open(&file, target);
	output_file_discard(&file);
	return error_context(err, "-o %s", keep);
}

static struct error *keep_recording(const struct memit_runs *runs, int from)
{
	const struct output_writer writer = { .pid = runs->main_pid, .rank = runs->rank };
	struct output_file file = { 0 };
	char target[PATH_MAX];

	struct error *err = find_output(runs->keep, &writer, target);
	if (err == NULL)
		err = output_file_open(&file, target);
	if (err == NULL)
		err = copy(from, &file);
	if (err == NULL)
		return output_file_commit(&file);
	output_file_discard(&file);
	return err;
}

static bool is_empty(int fd)
{
	struct stat status;

	return fstat(fd, &status) < 0 || status.st_size == 0;
}

/* One of the signals that ask a program to end waits for us, who were between two runs. */
static bool is_asked_to_end(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	sigset_t pending;

	sigpending(&pending);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (sigismember(&pending, signals[i]) == 1)
			return true;
	}
	return false;
}

/* *@ret_fd: of the recording. */
static struct error *record_once(struct memit_runs *runs, struct session_options *session,
				 struct usage *usage, int *ret_fd, int *ret_status)
{
	const pid_t front = getpid();
	char path[PATH_BYTES];

	struct error *err = unnamed_file_open(ret_fd);
	if (err != NULL)
		return err;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", *ret_fd);
	session->output = path;
	err = engine_run(session, ret_status);
	session->output = NULL;
	runs->is_engine = getpid() != front;
	if (err != NULL || runs->is_engine)
		return err;
	/* The engine has said why it could not be run. */
	runs->is_ended = session->end_signal != 0 || is_empty(*ret_fd) || is_asked_to_end();
	return is_empty(*ret_fd) ? NULL : take_figures(runs, path, *ret_status, usage);
}

struct error *memit_runs_record(struct memit_runs *runs, struct session_options *session,
				struct usage *usage, int *ret_status)
{
	struct error *err = NULL;
	int last = -1;

	while (err == NULL && !runs->is_engine && !runs->is_ended && usage->count < usage->wanted) {
		if (last >= 0)
			close(last);
		err = record_once(runs, session, usage, &last, ret_status);
	}
	if (err == NULL && !runs->is_engine && runs->keep != NULL && !is_empty(last))
		err = keep_recording(runs, last);
	if (last >= 0)
		close(last);
	return err;
}
