/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The caller's stream as a FILE.dat; see profile_stream.h. Api layer. */
#include "tracer/api/profile_stream.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tracer/base/clock.h"
#include "tracer/proc/proc_file.h"
#include "tracer/proc/process_facts.h"

/* A reader may be slow: one that does not wait for it (O_NONBLOCK) is waited for. */
static ssize_t write_to_fd(int fd, const char *bytes, size_t count)
{
	struct pollfd slow = { .fd = fd, .events = POLLOUT };
	ssize_t put;

	while ((put = write(fd, bytes, count)) < 0 && errno == EAGAIN) {
		if (poll(&slow, 1, -1) < 0 && errno != EINTR)
			return -1;
	}
	return put;
}

static ssize_t write_to_stream(FILE *stream, const char *bytes, size_t count)
{
	errno = 0;
	size_t put = fwrite(bytes, 1, count, stream);
	if (put == 0 || fflush(stream) != 0) {
		clearerr(stream);
		errno = errno == 0 ? EIO : errno;
		return -1;
	}
	return (ssize_t)put;
}

/*
 * A reader that is gone, or a limit of a file's size, is an error and not the end of the program: the signal is
 * held back, and taken if it is of our making.
 */
static ssize_t write_quietly(void *context, const char *bytes, size_t count)
{
	static const struct timespec at_once = { 0, 0 };
	const struct profile_stream *profile = context;
	sigset_t ours, before, pending;

	sigemptyset(&ours);
	sigpending(&pending);
	if (!sigismember(&pending, SIGPIPE))
		sigaddset(&ours, SIGPIPE);
	if (!sigismember(&pending, SIGXFSZ))
		sigaddset(&ours, SIGXFSZ);
	pthread_sigmask(SIG_BLOCK, &ours, &before);
	ssize_t put = profile->fd >= 0 ? write_to_fd(profile->fd, bytes, count)
				       : write_to_stream(profile->stream, bytes, count);
	const int errnum = errno;
	if (put < 0 && (errnum == EPIPE || errnum == EFBIG)) {
		while (sigtimedwait(&ours, NULL, &at_once) < 0 && errno == EINTR)
			;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = errnum;
	return put;
}

/* What process @pid was started with; its name where the kernel does not say it. */
static struct error *command_of(pid_t pid, char ***ret_words, char **ret_text)
{
	enum { TEXT_BYTES = 64 * 1024 };
	char *text = calloc(1, TEXT_BYTES);
	char **words = calloc(TEXT_BYTES / 2 + 1, sizeof(*words));
	size_t count = 0, end = TEXT_BYTES;

	*ret_words = words;
	*ret_text = text;
	if (text == NULL || words == NULL)
		return error_no_memory();
	error_free(proc_read(text, TEXT_BYTES, "/proc/%d/cmdline", pid));
	while (end > 0 && text[end - 1] == '\0') /* how much was read is not told */
		end--;
	for (size_t at = 0; at < end; at += strlen(text + at) + 1)
		words[count++] = text + at;
	if (count == 0) {
		process_name_read(pid, text);
		words[0] = text;
	}
	return NULL;
}

static struct error *profile_begin(struct profile_stream *profile, const struct usage_plan *plan,
				   pid_t pid)
{
	const struct recorder_options options = {
		.metric = metric_traits(plan->metric)->name,
		.is_tree = plan->options.include_children,
		.interval_ns = plan->interval_ns,
	};
	char **words = NULL, *text = NULL;
	struct error *err = NULL;

	if (plan->kind != USAGE_COMMAND)
		err = command_of(pid, &words, &text);
	if (err == NULL)
		err = recorder_create_on(write_quietly, profile, &options,
					 words == NULL ? plan->options.command : words,
					 &profile->recorder);
	free(words);
	free(text);
	return err;
}

struct error *profile_stream_open(const struct usage_plan *plan, pid_t pid,
				  struct profile_stream **ret)
{
	struct profile_stream *profile = calloc(1, sizeof(*profile));

	if (profile == NULL)
		return error_no_memory();
	profile->stream = plan->options.stream;
	profile->fd = fileno(profile->stream);
	fflush(profile->stream); /* what fails of it fails again with ours */
	struct error *err = profile_begin(profile, plan, pid);
	if (err != NULL) {
		free(profile);
		return err;
	}
	*ret = profile;
	return NULL;
}

void profile_stream_write_process(struct profile_stream *profile, struct tree_process *process)
{
	process_name_read(process->sampled.pid, process->name);
	recorder_process(profile->recorder, process->sampled.pid, process->parent_pid,
			 clock_now_ns(), process->name);
}

void profile_stream_write_main(struct profile_stream *profile, struct tree_process *process)
{
	if (profile->has_main) { /* a function is called again */
		process_name_read(process->sampled.pid, process->name);
		return;
	}
	process->parent_pid = process_parent(process->sampled.pid);
	profile_stream_write_process(profile, process);
	profile->has_main = true;
}

/* A program that has executed another one has another name. */
static void write_exec(struct profile_stream *profile, struct tree_process *process)
{
	char name[PROCESS_NAME_BYTES];

	process_name_read(process->sampled.pid, name);
	if (strcmp(name, process->name) == 0)
		return;
	strcpy(process->name, name);
	recorder_exec(profile->recorder, process->sampled.pid, clock_now_ns(), name);
}

void profile_stream_write(struct profile_stream *profile, struct process_tree *tree,
			  const struct usage_plan *plan, int64_t time_ns, uint64_t sum_bytes)
{
	write_exec(profile, &tree->main);
	recorder_memory(profile->recorder, time_ns, sum_bytes);
	for (size_t i = 0; plan->options.multiprocess && i < tree->count; i++) {
		struct tree_process *child = tree->children[i];
		if (!child->is_read)
			continue;
		write_exec(profile, child);
		recorder_child_memory(profile->recorder, child->sampled.pid, time_ns,
				      child->sampled.last_bytes);
	}
	recorder_flush_if_due(profile->recorder, time_ns);
}

/* The stream stands where the descriptor does (POSIX 2.5.1, a stream that becomes the active handle again). */
static void stand_behind(const struct profile_stream *profile)
{
	off_t end = profile->fd < 0 ? -1 : lseek(profile->fd, 0, SEEK_CUR);

	if (end >= 0)
		fseeko(profile->stream, end, SEEK_SET);
}

struct error *profile_stream_close(struct profile_stream *profile, const struct tick_grid *grid,
				   pid_t pid, int status)
{
	if (profile == NULL)
		return NULL;
	const struct recorder_ticks ticks = {
		.taken = grid->taken,
		.missed = grid->missed,
		.skipped = grid->skipped,
		.late_mean_ns = grid->taken > 0 ? grid->late_total_ns / (int64_t)grid->taken : 0,
		.late_longest_ns = grid->late_longest_ns,
	};
	if (status >= 0)
		recorder_done(profile->recorder, pid, clock_now_ns(), status);
	recorder_ticks(profile->recorder, &ticks);
	struct error *err = recorder_close(profile->recorder);
	stand_behind(profile);
	free(profile);
	return err;
}
