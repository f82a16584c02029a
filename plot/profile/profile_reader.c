/*
 * Reads a FILE.dat in large blocks and hands its lines to profile_records (plot layer).
 * No line is longer than a block, so that no file can ask for unbounded memory.
 */
#include "plot/profile/profile_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plot/profile/profile_records.h"

/* The fuzzer chooses a small one, so that its small files have blocks to cross. */
#ifndef PROFILE_BLOCK_BYTES
#define PROFILE_BLOCK_BYTES (1 << 20)
#endif
enum { BLOCK_BYTES = PROFILE_BLOCK_BYTES, PROBE_BYTES = 64 << 10 };

struct block_reader {
	int fd;
	char *block; /* BLOCK_BYTES of it; memchr's and memcmp's ends lie within */
	size_t line_number;
	const struct profile_reading *reading;
	uint64_t read_bytes, total_bytes;
	bool is_too_long; /* the current line is being skipped */
};

static void count_damage(struct profile *profile, size_t line_number, const char *damage)
{
	if (profile->damaged_lines++ == 0) {
		profile->first_damaged_line = line_number;
		profile->first_damage = damage;
	}
}

static struct error *error_not_a_profile(const char *path)
{
	return error_new(ERR_FORMAT,
			 "%s is not a profile: no MEM, CHLD or FUNC record in it; "
			 "profiles are written by 'mprof-trace run'",
			 path);
}

/* The block is all of one line, and more follows. Of a command line the beginning will do. */
static struct error *read_long_line(struct block_reader *lines, struct record_reader *reader)
{
	struct profile *profile = reader->profile;

	if (lines->line_number == 0 && !lines->is_too_long) {
		struct error *err = record_read(reader, lines->block, BLOCK_BYTES);
		if (err != NULL)
			return err;
	}
	/* A file of gigabytes that is something else is not read to its end. */
	if (reader->records == 0)
		return error_not_a_profile(profile->path);
	if (!lines->is_too_long && (lines->line_number > 0 || profile->command_line == NULL))
		count_damage(profile, lines->line_number + 1, "too long");
	lines->is_too_long = true;
	return NULL;
}

/* Reads the whole lines of @block; *@ret_used is the start of the last, unfinished one. */
static struct error *read_lines(struct block_reader *lines, struct record_reader *reader,
				size_t bytes, size_t *ret_used)
{
	const char *at = lines->block, *end = lines->block + bytes;

	for (const char *newline; (newline = memchr(at, '\n', (size_t)(end - at))) != NULL;
	     at = newline + 1) {
		lines->line_number++;
		if (lines->is_too_long) {
			lines->is_too_long = false;
			continue;
		}
		struct error *err = record_read(reader, at, (size_t)(newline - at));
		if (err != NULL)
			return err;
		if (reader->damage != NULL)
			count_damage(reader->profile, lines->line_number, reader->damage);
	}
	*ret_used = (size_t)(at - lines->block);
	return NULL;
}

static struct error *read_blocks(struct block_reader *lines, struct record_reader *reader)
{
	struct profile *profile = reader->profile;
	size_t kept = 0;

	for (;;) {
		ssize_t got = read(lines->fd, lines->block + kept, BLOCK_BYTES - kept);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_os(errno, "cannot read %s", profile->path);
		if (got == 0)
			break;
		size_t used = 0, bytes = kept + (size_t)got;
		lines->read_bytes += (uint64_t)got;
		if (lines->reading->progress != NULL &&
		    !lines->reading->progress(lines->reading->data, lines->read_bytes,
					      lines->total_bytes))
			return error_new(ERR_GONE, "the reading of %s was given up", profile->path);
		struct error *err = read_lines(lines, reader, bytes, &used);
		if (err != NULL)
			return err;
		kept = bytes - used;
		memmove(lines->block, lines->block + used, kept);
		if (kept == BLOCK_BYTES) {
			err = read_long_line(lines, reader);
			if (err != NULL)
				return err;
			kept = 0;
		}
	}
	/* A line without its end was cut: its last figure may lack digits. */
	if (kept > 0 && !lines->is_too_long)
		count_damage(profile, lines->line_number + 1, "cut at the file's end");
	return NULL;
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

static struct error *open_profile(const char *path, int *ret_fd, off_t *ret_bytes)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_os(errno, "cannot open %s", path);
	if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
		close(fd);
		return error_new(ERR_FAILED, "%s is a directory: name a profile in it", path);
	}
	/* A pipe has no size; it is not empty until it is read. */
	*ret_bytes = S_ISREG(status.st_mode) ? status.st_size : -1;
	*ret_fd = fd;
	return NULL;
}

struct error *profile_read(struct profile *ret, const char *path)
{
	return profile_read_with(ret, path, &(struct profile_reading){ 0 });
}

struct error *profile_read_with(struct profile *ret, const char *path,
				const struct profile_reading *reading)
{
	struct block_reader lines = { .fd = -1, .reading = reading };
	off_t file_bytes = 0;
	struct error *err = open_profile(path, &lines.fd, &file_bytes);
	if (err != NULL)
		return err;

	struct record_reader reader = {
		.profile = ret,
		.range = reading->range,
		.visitor = reading->visitor,
		.skips_calls = reading->skips_calls,
	};
	lines.total_bytes = file_bytes > 0 ? (uint64_t)file_bytes : 0;
	err = profile_init(ret, path);
	lines.block = malloc(BLOCK_BYTES);
	if (err == NULL && lines.block == NULL)
		err = error_no_memory();
	if (err == NULL)
		err = read_blocks(&lines, &reader);
	if (err == NULL)
		err = records_finish(&reader);
	if (err == NULL)
		err = check_content(ret, &reader, file_bytes);
	if (err != NULL)
		profile_deinit(ret);
	record_reader_deinit(&reader);
	free(lines.block);
	close(lines.fd);
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
