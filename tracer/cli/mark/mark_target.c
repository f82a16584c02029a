/* Which recording a mark is for; see mark_target.h. Cli layer. */
#include "tracer/cli/mark/mark_target.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "plot/records/profile_reader.h"
#include "tracer/base/clock.h"
#include "tracer/base/metric.h"
#include "tracer/base/quantity.h"
#include "tracer/cli/mark/running.h"
#include "tracer/proc/process_facts.h"
#include "tracer/sample/memory_usage.h"

/* Of a large file the start, which says what is measured, and the end, which says whether it is over. */
static const uint64_t END_BYTES = 256 << 10;

/* How often, and how long, a recording is waited for that has begun and has not written yet. */
static const int64_t LOOK_NS = 20000000, PATIENCE_NS = 20000000000;

void mark_target_deinit(struct mark_target *target)
{
	free(target->path);
	free(target->named);
	*target = (struct mark_target){ 0 };
}

static struct error *read_profile(const char *path, struct profile *ret)
{
	enum { LEAST_SAMPLES = 64 };
	static const struct series_range range = { INT64_MIN, INT64_MAX, LEAST_SAMPLES };
	const struct profile_reading reading = {
		.range = &range,
		.skips_calls = true,
		.end_bytes = END_BYTES,
	};

	return profile_read_with(ret, path, &reading);
}

/*
 * The head comes with the first tick; a file that was there before has the end of another recording until then. What
 * has ended cannot be opened by its writer's descriptor any more.
 */
static struct error *wait_for_profile(const struct mark_target *target, struct profile *ret)
{
	const int64_t until_ns = clock_now_ns() + PATIENCE_NS;
	const struct timespec pause = { .tv_nsec = LOOK_NS };
	struct stat status;

	for (;;) {
		struct error *err = read_profile(target->path, ret);
		if (err == NULL && !ret->has_end)
			return NULL;
		if (err == NULL)
			profile_deinit(ret);
		if (stat(target->path, &status) < 0 || clock_now_ns() >= until_ns) {
			error_free(err);
			return error_new(ERR_GONE, "%s: this recording is over", target->named);
		}
		if (err != NULL && error_code(err) != ERR_FORMAT)
			return err;
		error_free(err);
		nanosleep(&pause, NULL);
	}
}

static bool profile_has_pid(const struct profile *profile, pid_t pid)
{
	for (size_t i = 0; i < profile->process_count; i++) {
		if (profile->processes[i].pid == pid)
			return true;
	}
	return false;
}

static bool file_has_pid(const char *path, pid_t pid)
{
	struct profile profile;

	struct error *err = read_profile(path, &profile);
	bool has = err == NULL && profile_has_pid(&profile, pid);
	if (err == NULL)
		profile_deinit(&profile);
	error_free(err);
	return has;
}

/* Whether @running is process @pid, or an engine of it, or @tracer, that of @pid; 0: it has none. */
static bool running_works_for(const struct running *running, pid_t pid, pid_t tracer)
{
	return running->pid == tracer || running->pid == pid || process_parent(running->pid) == pid;
}

static pid_t tracer_of(pid_t pid)
{
	struct process_facts facts;

	struct error *err = process_facts_read(pid, &facts);
	bool is_known = err == NULL;
	error_free(err);
	return is_known ? facts.tracer : 0;
}

static struct error *several(const struct running_list *list)
{
	return error_new(
		ERR_USAGE,
		"%zu recordings are being made, such as %s and %s: say which, by its FILE or "
		"the PID of a process that it records",
		list->count, list->all[0].named, list->all[1].named);
}

static struct error *take_running(const struct running *running, struct mark_target *ret)
{
	ret->path = strdup(running->path);
	ret->named = strdup(running->named);
	return ret->path == NULL || ret->named == NULL ? error_no_memory() : NULL;
}

static struct error *choose_of_process(const struct running_list *list, pid_t pid,
				       struct mark_target *ret)
{
	const pid_t tracer = tracer_of(pid);

	for (size_t i = 0; i < list->count; i++) {
		if (running_works_for(&list->all[i], pid, tracer) ||
		    file_has_pid(list->all[i].path, pid))
			return take_running(&list->all[i], ret);
	}
	return error_new(ERR_GONE,
			 "no recording of process %d is being made, as far as this user can see",
			 pid);
}

/* Without a word for it: the one that records us, or what has started us, else the only one. */
static struct error *choose_any(const struct running_list *list, struct mark_target *ret)
{
	for (pid_t pid = getpid(); pid > 1; pid = process_parent(pid)) {
		const pid_t tracer = tracer_of(pid);
		for (size_t i = 0; i < list->count; i++) {
			if (running_works_for(&list->all[i], pid, tracer))
				return take_running(&list->all[i], ret);
		}
	}
	if (list->count > 1)
		return several(list);
	return list->count == 1
		       ? take_running(&list->all[0], ret)
		       : error_new(ERR_GONE,
				   "no recording is being made, as far as this user can see");
}

static struct error *choose_file(const struct running_list *list, const char *path,
				 struct mark_target *ret)
{
	struct stat wanted, status;

	if (stat(path, &wanted) < 0)
		return error_new(ERR_FAILED, "%s: there is no such file, and it is no pid", path);
	for (size_t i = 0; i < list->count; i++) {
		if (stat(list->all[i].path, &status) == 0 && status.st_dev == wanted.st_dev &&
		    status.st_ino == wanted.st_ino)
			return take_running(&list->all[i], ret);
	}
	return error_new(ERR_GONE,
			 "%s: no recording writes to it (any more), as far as this user can see",
			 path);
}

static struct error *choose(const char *where, struct mark_target *ret)
{
	struct running_list list;
	uint64_t pid = 0;

	struct error *err = running_find(&list);
	if (err != NULL)
		return err;
	bool is_pid = where != NULL && quantity_parse_whole(where, &pid) && pid > 0 &&
		      pid <= INT_MAX && access(where, F_OK) != 0;
	ret->pid = (pid_t)pid;
	if (where == NULL)
		err = choose_any(&list, ret);
	else
		err = is_pid ? choose_of_process(&list, (pid_t)pid, ret)
			     : choose_file(&list, where, ret);
	running_deinit(&list);
	return err;
}

/* The memory that @target's process has now, by the recording's metric; false: it cannot be had. */
static bool read_memory(const struct profile *profile, struct mark_target *target)
{
	struct memory_meter *meter;
	enum metric metric;

	if (profile->is_tree || profile->metric == NULL || !metric_find(profile->metric, &metric))
		return false;
	struct error *err = memory_meter_open(target->pid, metric, &meter);
	if (err == NULL) {
		err = memory_meter_read(meter, &target->bytes);
		memory_meter_close(meter);
	}
	bool is_read = err == NULL;
	error_free(err);
	return is_read;
}

static double last_mib(const struct profile *profile, pid_t pid)
{
	for (size_t i = 0; i < profile->process_count; i++) {
		const struct series *series = &profile->processes[i].series;
		if (profile->processes[i].pid == pid && series->count > 0)
			return series->mib[series->count - 1];
	}
	return 0;
}

static struct error *describe(struct mark_target *target)
{
	const double mib = 1 << 20;
	struct profile profile;

	struct error *err = wait_for_profile(target, &profile);
	if (err != NULL)
		return err;
	if (!profile_has_pid(&profile, target->pid)) /* none was asked for, or one of ours */
		target->pid = profile.processes[0].pid;
	if (!read_memory(&profile, target)) {
		target->bytes = (uint64_t)llround(last_mib(&profile, target->pid) * mib);
		target->is_held = true;
	}
	profile_deinit(&profile);
	return NULL;
}

struct error *mark_target_find(const char *where, struct mark_target *ret)
{
	*ret = (struct mark_target){ .time_ns = clock_now_ns() };
	struct error *err = choose(where, ret);
	if (err == NULL)
		err = describe(ret);
	if (err != NULL)
		mark_target_deinit(ret);
	return err;
}
