/* Reads a FILE.dat from its start to its end; see profile_reader.h. Plot layer. */
#include "plot/records/profile_reader.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plot/records/block_reader.h"
#include "plot/records/profile_records.h"

enum { PROBE_BYTES = 64 << 10 };

static struct error *read_blocks(struct block_reader *lines, struct record_reader *reader,
				 const struct profile_reading *reading, uint64_t total_bytes)
{
	const uint64_t ends_bytes = reading->end_bytes;
	bool skips = ends_bytes > 0 && total_bytes / 4 > ends_bytes;
	struct error *err = NULL;

	for (bool at_end = false; err == NULL && !at_end;) {
		err = block_reader_step(lines, reader, &at_end);
		if (err == NULL && skips && lines->read_bytes >= ends_bytes) {
			skips = false;
			reader->profile->is_partial = true;
			err = block_reader_skip(lines, reader->profile->path,
						(off_t)(total_bytes - ends_bytes));
		}
		if (err == NULL && !at_end && reading->progress != NULL &&
		    !reading->progress(reading->data, lines->read_bytes, total_bytes))
			err = error_new(ERR_GONE, "the reading of %s was given up",
					reader->profile->path);
	}
	return err;
}

static struct error *check_content(const struct profile *profile,
				   const struct record_reader *reader, off_t file_bytes)
{
	if (file_bytes == 0)
		return error_new(ERR_FORMAT, "%s is empty: nothing was recorded in it",
				 profile->path);
	if (reader->records == 0)
		return error_not_a_profile(profile->path);
	for (size_t i = 0; i < profile->process_count; i++) {
		if (profile->processes[i].series.count > 0)
			return NULL;
	}
	return error_new(ERR_FORMAT,
			 "%s holds no memory sample: its recording ended before the first one; "
			 "record again, or delete it with 'mprof-trace rm %s'",
			 profile->path, profile->path);
}

struct error *profile_read(struct profile *ret, const char *path)
{
	return profile_read_with(ret, path, &(struct profile_reading){ 0 });
}

struct error *profile_read_with(struct profile *ret, const char *path,
				const struct profile_reading *reading)
{
	struct record_reader reader = {
		.profile = ret,
		.range = reading->range,
		.visitor = reading->visitor,
		.skips_calls = reading->skips_calls,
	};
	struct block_reader lines;
	off_t file_bytes;
	struct error *err = block_reader_open(&lines, path, &file_bytes);
	if (err != NULL)
		return err;

	err = profile_init(ret, path);
	if (err == NULL)
		err = read_blocks(&lines, &reader, reading,
				  file_bytes > 0 ? (uint64_t)file_bytes : 0);
	if (err == NULL) {
		ret->is_recent = block_reader_is_recent(&lines, ret);
		block_reader_finish(&lines, ret);
		err = records_finish(&reader);
	}
	if (err == NULL)
		err = check_content(ret, &reader, file_bytes);
	if (err != NULL)
		profile_deinit(ret);
	record_reader_deinit(&reader);
	block_reader_close(&lines);
	return err;
}

/* Passes on what is of a process that was known before. */
struct known_processes {
	const struct sample_visitor *visitor;
	const struct profile *profile;
	size_t count;
};

static struct error *visit_known(void *data, int32_t process, int64_t time_ns, double mib)
{
	const struct known_processes *known = data;

	if ((size_t)process >= known->count)
		return NULL;
	return known->visitor->visit(known->visitor->data, process, time_ns, mib);
}

static struct error *visit_known_track(void *data, bool is_companion, size_t index, int64_t time_ns,
				       double value)
{
	const struct known_processes *known = data;
	const struct profile_tracks *tracks =
		is_companion ? &known->profile->companions : &known->profile->parts;

	if (index >= tracks->count)
		return NULL;
	return known->visitor->visit_track(known->visitor->data, is_companion, index, time_ns,
					   value);
}

struct error *profile_visit_samples(const struct profile *profile,
				    const struct sample_visitor *visitor,
				    profile_progress *progress, void *progress_data)
{
	/* The fewest that a reading keeps of a process: none of them is looked at. */
	static const struct series_range few = { INT64_MIN, INT64_MAX, 64 };
	struct known_processes known = { visitor, profile, profile->process_count };
	const struct sample_visitor of_known = {
		.visit = visitor->visit != NULL ? visit_known : NULL,
		.visit_track = visitor->visit_track != NULL ? visit_known_track : NULL,
		.data = &known,
	};
	const struct profile_reading reading = {
		.range = &few,
		.progress = progress,
		.data = progress_data,
		.visitor = &of_known,
		.skips_calls = true,
	};
	struct profile again;
	struct error *err = profile_read_with(&again, profile->path, &reading);

	if (err == NULL)
		profile_deinit(&again);
	return err;
}

bool profile_is_reduced(const struct profile *profile)
{
	for (size_t i = 0; i < profile->process_count; i++) {
		if (profile->processes[i].series.is_reduced)
			return true;
	}
	return false;
}

struct error *profile_read_part(struct profile *ret, const char *path, int64_t zero_ns,
				const struct profile_reading *reading)
{
	const struct series_range range = { zero_ns + reading->range->from_ns,
					    zero_ns + reading->range->to_ns,
					    reading->range->limit };
	struct profile_reading part = *reading;
	struct stat status;

	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return error_new(ERR_FAILED, "%s is no regular file, and cannot be read again",
				 path);
	part.range = &range;
	return profile_read_with(ret, path, &part);
}

struct error *profile_read_window(struct profile *ret, const char *path,
				  const struct profile_reading *reading)
{
	const struct series_range range = { INT64_MIN, INT64_MAX, reading->range->limit };
	struct profile_reading whole = *reading;

	whole.range = &range;
	struct error *err = profile_read_with(ret, path, &whole);
	if (err != NULL || !profile_is_reduced(ret))
		return err;
	int64_t zero_ns = ret->first_ns;
	profile_deinit(ret);
	return profile_read_part(ret, path, zero_ns, reading);
}

/* A sample or a call, well-formed, or a CMDLINE in the first line: prose has none of them. */
static bool block_is_profile(const char *block, size_t bytes)
{
	struct profile profile;
	struct record_reader reader = { .profile = &profile };
	bool found = false;
	struct error *err = profile_init(&profile, "");

	for (const char *at = block, *end = block + bytes, *newline;
	     err == NULL && !found && at < end; at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (newline == NULL && (at > block || bytes < PROBE_BYTES))
			break;
		if (newline == NULL) /* a long command line, as it seems */
			newline = end - 1;
		err = record_read(&reader, at, (size_t)(newline - at));
		found = profile.processes[0].series.count > 0 || profile.function_count > 0 ||
			(at == block && profile.command_line != NULL);
		for (size_t i = 1; i < profile.process_count; i++)
			found = found || profile.processes[i].series.count > 0;
	}
	error_free(err);
	profile_deinit(&profile);
	record_reader_deinit(&reader);
	return found;
}

bool profile_is_profile(const char *path)
{
	struct stat status;
	bool is_profile = false;

	/* O_NONBLOCK: opening a pipe without a writer must not wait. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *block = malloc(PROBE_BYTES);
	if (fd >= 0 && block != NULL && fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
		ssize_t got = read(fd, block, PROBE_BYTES);
		is_profile = got > 0 && block_is_profile(block, (size_t)got);
	}
	free(block);
	if (fd >= 0)
		close(fd);
	return is_profile;
}
