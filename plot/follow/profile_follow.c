/*
 * A FILE.dat that grows; see profile_follow.h. Plot layer.
 *
 * Between two readings the profile is a finished one, as if the file ended there: calls that are open
 * are among its calls, and are taken back before the next line is read.
 */
#include "plot/follow/profile_follow.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plot/follow/call_fold.h"
#include "plot/records/block_reader.h"
#include "plot/records/profile_records.h"

/* A file's beginning tells it from another one: a profile's has times in nanoseconds. */
enum { HEAD_BYTES = 4096, STEPS_MOST = 32 };

struct profile_follow {
	struct profile profile;
	struct record_reader reader;
	struct block_reader lines;
	struct series_range range;
	size_t calls_most;
	char head[HEAD_BYTES];
	size_t head_bytes;
	bool is_behind;
};

static struct error *error_not_growing(const char *path)
{
	return error_new(ERR_FAILED, "%s is no regular file: only such a one can be followed",
			 path);
}

/* All but the limits. */
static struct error *start(struct profile_follow *follow, const char *path)
{
	off_t bytes;
	struct stat status;

	follow->head_bytes = 0;
	follow->is_behind = false;
	/* Opening a pipe would wait, and take from its reader. */
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
		return error_not_growing(path);
	struct error *err = block_reader_open(&follow->lines, path, &bytes);
	if (err != NULL)
		return err;
	err = bytes < 0 ? error_not_growing(path) : profile_init(&follow->profile, path);
	follow->reader = (struct record_reader){
		.profile = &follow->profile,
		.range = &follow->range,
	};
	if (err == NULL)
		err = records_finish(&follow->reader);
	if (err != NULL) {
		profile_deinit(&follow->profile);
		block_reader_close(&follow->lines);
	}
	return err;
}

static void end(struct profile_follow *follow)
{
	record_reader_deinit(&follow->reader);
	profile_deinit(&follow->profile);
	block_reader_close(&follow->lines);
}

struct error *profile_follow_open(struct profile_follow **ret, const char *path,
				  const struct follow_limits *limits)
{
	struct profile_follow *follow = calloc(1, sizeof(*follow));

	if (follow == NULL)
		return error_no_memory();
	follow->range = (struct series_range){ INT64_MIN, INT64_MAX, limits->samples };
	follow->calls_most = limits->calls;
	struct error *err = start(follow, path);
	if (err != NULL)
		free(follow);
	else
		*ret = follow;
	return err;
}

void profile_follow_close(struct profile_follow *follow)
{
	if (follow == NULL)
		return;
	end(follow);
	free(follow);
}

/* Whether it is another file by now, or another recording in the same one. */
static bool is_replaced(struct profile_follow *follow)
{
	char head[HEAD_BYTES];
	struct stat ours, named;

	if (fstat(follow->lines.fd, &ours) < 0)
		return false;
	if (stat(follow->profile.path, &named) == 0 &&
	    (named.st_ino != ours.st_ino || named.st_dev != ours.st_dev))
		return S_ISREG(named.st_mode);
	if ((uint64_t)ours.st_size < follow->lines.read_bytes)
		return true;
	ssize_t got = pread(follow->lines.fd, head, sizeof(head), 0);
	if (got < 0)
		return false;
	bool is_same = (size_t)got >= follow->head_bytes &&
		       memcmp(head, follow->head, follow->head_bytes) == 0;
	memcpy(follow->head, head, (size_t)got);
	follow->head_bytes = (size_t)got;
	return !is_same;
}

/* On failure the old one stays. */
static struct error *restart(struct profile_follow *follow)
{
	struct profile_follow *anew;
	const struct follow_limits limits = { follow->range.limit, follow->calls_most };

	struct error *err = profile_follow_open(&anew, follow->profile.path, &limits);
	if (err != NULL)
		return err;
	end(follow);
	*follow = *anew;
	follow->reader.profile = &follow->profile;
	follow->reader.range = &follow->range;
	free(anew);
	return NULL;
}

static struct error *read_steps(struct profile_follow *follow, bool *ret_changed)
{
	struct error *err = NULL;
	size_t lines_before = follow->lines.line_number;
	bool at_end = false;

	for (size_t i = 0; err == NULL && !at_end && i < STEPS_MOST; i++)
		err = block_reader_step(&follow->lines, &follow->reader, &at_end);
	follow->is_behind = !at_end;
	if (err == NULL && follow->lines.line_number > 0 && follow->reader.records == 0)
		err = error_not_a_profile(follow->profile.path);
	*ret_changed = *ret_changed || follow->lines.line_number != lines_before;
	return err;
}

struct error *profile_follow_read(struct profile_follow *follow, bool *ret_changed)
{
	struct error *err = NULL;

	*ret_changed = is_replaced(follow);
	if (*ret_changed)
		err = restart(follow);
	if (err == NULL)
		err = records_resume(&follow->reader);
	if (err == NULL)
		err = read_steps(follow, ret_changed);
	bool was_recent = follow->profile.is_recent;
	follow->profile.is_recent = block_reader_is_recent(&follow->lines, &follow->profile);
	*ret_changed = *ret_changed || follow->profile.is_recent != was_recent;
	if (err == NULL)
		err = records_finish(&follow->reader);
	if (err == NULL)
		err = profile_fold_calls(&follow->profile, follow->calls_most);
	return err;
}

bool profile_follow_is_behind(const struct profile_follow *follow)
{
	return follow->is_behind;
}

const struct profile *profile_follow_profile(const struct profile_follow *follow)
{
	for (size_t i = 0; i < follow->profile.process_count; i++) {
		if (follow->profile.processes[i].series.count > 0)
			return &follow->profile;
	}
	return NULL;
}
