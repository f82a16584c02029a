/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much memory a process has; see memory_usage.h. Sample layer. */
#include "tracer/sample/memory_usage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/base/clock.h"
#include "tracer/base/retry.h"
#include "tracer/proc/proc_file.h"
#include "tracer/proc/proc_text.h"
#include "tracer/sample/cgroup_meter.h"

/* /proc/PID/status: the groups of a user, in front of what we look for, are the longest line. */
enum { TEXT_BYTES = 16 * 1024 };

struct memory_meter {
	pid_t pid;
	enum metric metric;
	int fd;	       /* where a reading is expensive, -1: to be opened at the next one */
	bool is_short; /* there were no descriptors left: nothing stays open between readings */
	int dir_fd;    /* -1, or /proc/PID: a later process with the same pid is not in it */
	uint64_t page_bytes;
	uint64_t
		last_bytes; /* where a reading is expensive: the last one, when it ended, its time */
	int64_t read_ns, cost_ns;
	struct cgroup_meter cgroup; /* where it is a cgroup's memory */
};

typedef int open_fn(int dir_fd, const char *path, int flags);

static struct error *memory_file_open(open_fn *open_file, int dir_fd, pid_t pid, const char *name,
				      int flags, int *ret_fd)
{
	char path[64];

	if (dir_fd < 0)
		snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	else
		snprintf(path, sizeof(path), "%s", name);
	*ret_fd = open_file(dir_fd, path, O_RDONLY | flags);
	if (*ret_fd < 0)
		return error_os(errno == ENOENT ? ESRCH : errno, "open /proc/%d/%s", pid, name);
	return NULL;
}

/* Whether it was descriptors that were short. */
static bool is_shortage(const struct error *err)
{
	return error_errno(err) == EMFILE || error_errno(err) == ENFILE;
}

struct error *memory_meter_open(pid_t pid, enum metric metric, struct memory_meter **ret)
{
	const bool is_expensive = metric_traits(metric)->is_expensive;
	bool is_short = false;
	int fd;

	struct error *err = memory_file_open(proc_openat, -1, pid,
					     is_expensive ? "" : metric_traits(metric)->file,
					     is_expensive ? O_DIRECTORY : 0, &fd);
	if (err != NULL && is_shortage(err)) {
		error_free(err);
		err = NULL;
		is_short = true;
	}
	if (err != NULL)
		return err;
	struct memory_meter *meter = malloc(sizeof(*meter));
	if (meter == NULL) {
		if (fd >= 0)
			close(fd);
		return error_no_memory();
	}
	*meter = (struct memory_meter){
		.pid = pid,
		.metric = metric,
		.fd = is_expensive ? -1 : fd,
		.dir_fd = is_expensive ? fd : -1,
		.is_short = is_short,
		.page_bytes = (uint64_t)sysconf(_SC_PAGESIZE),
	};
	*ret = meter;
	return NULL;
}

pid_t memory_meter_pid(const struct memory_meter *meter)
{
	return meter->pid;
}

enum metric memory_meter_metric(const struct memory_meter *meter)
{
	return meter->metric;
}

void memory_meter_renew(struct memory_meter *meter)
{
	if (meter->dir_fd >= 0 && meter->fd >= 0) {
		close(meter->fd);
		meter->fd = -1;
	}
	meter->read_ns = meter->cost_ns = 0;
	cgroup_meter_renew(&meter->cgroup);
}

void memory_meter_close(struct memory_meter *meter)
{
	if (meter == NULL)
		return;
	if (meter->fd >= 0)
		close(meter->fd);
	if (meter->dir_fd >= 0)
		close(meter->dir_fd);
	cgroup_meter_deinit(&meter->cgroup);
	free(meter);
}

/* The first column of statm, the size of it all, is 0 when there is no memory any more. */
static bool add_column(const char *text, unsigned column, uint64_t page_bytes, uint64_t *bytes)
{
	bool is_there = proc_text_number(text) > 0;

	for (; column > 1 && text != NULL; column--) {
		const char *space = strchr(text, ' ');
		text = space == NULL ? NULL : space + 1;
	}
	*bytes += text == NULL ? 0 : proc_text_number(text) * page_bytes;
	return is_there;
}

/* Adds to *@bytes. False: a file without these figures; its process has no memory any more. */
static bool parse_text(const struct memory_meter *meter, const char *text, uint64_t *bytes)
{
	const struct metric_traits *traits = metric_traits(meter->metric);

	if (traits->column > 0)
		return add_column(text, traits->column, meter->page_bytes, bytes);
	bool is_there = proc_text_add_kib(text, traits->fields[0], bytes);
	for (size_t i = 1; traits->fields[i] != NULL; i++)
		proc_text_add_kib(text, traits->fields[i], bytes);
	return is_there;
}

bool memory_meter_parse_statm(const struct memory_meter *meter, const char *text, size_t bytes,
			      uint64_t *ret_bytes)
{
	const unsigned column = metric_traits(meter->metric)->column;
	char copy[TEXT_BYTES];
	unsigned columns = 0;

	if (column == 0 || metric_traits(meter->metric)->is_cgroup || bytes >= sizeof(copy))
		return false;
	memcpy(copy, text, bytes);
	copy[bytes] = '\0';
	for (const char *at = copy; *at != '\0'; at++) {
		if (*at != ' ' && *at != '\n' && (*at < '0' || *at > '9'))
			return false;
		columns += *at == ' ' || *at == '\n'; /* a number has ended */
	}
	*ret_bytes = 0;
	return columns >= column && add_column(copy, column, meter->page_bytes, ret_bytes);
}

/* pread(2) from the start of the file, which ends with a NUL then. */
static ssize_t memory_file_read(int fd, char text[TEXT_BYTES])
{
	unsigned tries = 0;
	ssize_t got;

	do
		got = pread(fd, text, TEXT_BYTES - 1, 0);
	while (got < 0 && retry_is_due(errno, &tries));
	text[got > 0 ? got : 0] = '\0';
	return got;
}

static struct error *memory_meter_read_once(struct memory_meter *meter, char text[TEXT_BYTES])
{
	int fd;

	struct error *err = memory_file_open(proc_openat_soon, meter->dir_fd, meter->pid,
					     metric_traits(meter->metric)->file, 0, &fd);
	if (err != NULL)
		return err;
	ssize_t got = memory_file_read(fd, text);
	int errnum = got == 0 ? ESRCH : errno;
	close(fd);
	return got > 0 ? NULL : error_os(errnum, "read the memory of process %d", meter->pid);
}

static struct error *memory_meter_read_text(struct memory_meter *meter, char text[TEXT_BYTES])
{
	const char *name = metric_traits(meter->metric)->file;

	if (meter->is_short)
		return memory_meter_read_once(meter, text);
	for (bool is_again = false;; is_again = true) {
		bool was_open = meter->fd >= 0;
		if (!was_open) {
			struct error *err = memory_file_open(proc_openat, meter->dir_fd, meter->pid,
							     name, 0, &meter->fd);
			meter->is_short = err != NULL && is_shortage(err);
			if (meter->is_short) {
				error_free(err);
				return memory_meter_read_once(meter, text);
			}
			if (err != NULL)
				return err;
		}
		ssize_t got = memory_file_read(meter->fd, text);
		if (got > 0)
			return NULL;
		int errnum = got == 0 ? ESRCH : errno;
		/* The memory that it was opened for is gone, perhaps by an exec. */
		memory_meter_renew(meter);
		if (meter->dir_fd < 0 || !was_open || is_again || errnum != ESRCH)
			return error_os(errnum, "read /proc/%d/%s", meter->pid, name);
	}
}

struct error *memory_meter_read(struct memory_meter *meter, uint64_t *ret_bytes)
{
	char text[TEXT_BYTES];
	bool is_expensive = metric_traits(meter->metric)->is_expensive;
	int64_t start_ns = is_expensive ? clock_now_ns() : 0;

	*ret_bytes = 0;
	struct error *err = memory_meter_read_text(meter, text);
	if (err == NULL && !parse_text(meter, text, ret_bytes))
		err = error_new(ERR_GONE, "process %d has no memory any more", meter->pid);
	/* The process has memory; how much its cgroup has is another matter. */
	if (err == NULL && metric_traits(meter->metric)->is_cgroup)
		err = cgroup_meter_read(&meter->cgroup, meter->pid, ret_bytes);
	if (err == NULL && is_expensive) {
		meter->last_bytes = *ret_bytes;
		meter->read_ns = clock_now_ns();
		meter->cost_ns = meter->read_ns - start_ns;
	}
	return err;
}

struct error *memory_meter_read_recent(struct memory_meter *meter, uint64_t *ret_bytes)
{
	if (meter->cost_ns == 0 ||
	    clock_now_ns() - meter->read_ns > MEMORY_METER_AGE * meter->cost_ns)
		return memory_meter_read(meter, ret_bytes);
	*ret_bytes = meter->last_bytes;
	return NULL;
}

struct error *memory_meter_read_peak(const struct memory_meter *meter, struct memory_peak *ret)
{
	const struct metric_traits *traits = metric_traits(meter->metric);
	char text[TEXT_BYTES];
	int fd;

	*ret = (struct memory_peak){ 0 };
	if (traits->is_cgroup)
		ret->bytes = cgroup_meter_peak(&meter->cgroup);
	if (traits->peak_field == NULL)
		return NULL;
	struct error *err = memory_file_open(proc_openat_soon, -1, meter->pid, "status", 0, &fd);
	if (err != NULL)
		return err;
	ssize_t got = memory_file_read(fd, text);
	int errnum = errno;
	close(fd);
	if (got < 0)
		return error_os(errnum, "read /proc/%d/status", meter->pid);
	proc_text_add_kib(text, traits->peak_field, &ret->bytes);
	if (traits->leaves_out_huge)
		proc_text_add_kib(text, "HugetlbPages", &ret->left_out_bytes);
	return NULL;
}
