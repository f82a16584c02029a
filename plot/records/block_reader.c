/* The lines of a file; see block_reader.h. Plot layer. */
#include "plot/records/block_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "plot/records/profile_records.h"

/* The fuzzer chooses a small one, so that its small files have blocks to cross. */
#ifndef PROFILE_BLOCK_BYTES
#define PROFILE_BLOCK_BYTES (1 << 20)
#endif
enum { BLOCK_BYTES = PROFILE_BLOCK_BYTES };

static void count_damage(struct profile *profile, size_t line_number, const char *damage)
{
	if (profile->damaged_lines++ == 0) {
		profile->first_damaged_line = line_number;
		profile->first_damage = damage;
	}
}

struct error *error_not_a_profile(const char *path)
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

struct error *block_reader_step(struct block_reader *lines, struct record_reader *reader,
				bool *ret_at_end)
{
	size_t used = 0;
	ssize_t got;

	do
		got = read(lines->fd, lines->block + lines->kept_bytes,
			   BLOCK_BYTES - lines->kept_bytes);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_os(errno, "cannot read %s", reader->profile->path);
	*ret_at_end = got == 0;
	lines->read_bytes += (uint64_t)got;
	size_t bytes = lines->kept_bytes + (size_t)got;
	struct error *err = read_lines(lines, reader, bytes, &used);
	if (err != NULL)
		return err;
	lines->kept_bytes = bytes - used;
	memmove(lines->block, lines->block + used, lines->kept_bytes);
	if (lines->kept_bytes < BLOCK_BYTES)
		return NULL;
	lines->kept_bytes = 0;
	return read_long_line(lines, reader);
}

struct error *block_reader_skip(struct block_reader *lines, const char *path, off_t offset)
{
	if (lseek(lines->fd, offset, SEEK_SET) < 0)
		return error_os(errno, "cannot read %s", path);
	lines->kept_bytes = 0;
	lines->is_too_long = true; /* the line at @offset began before it */
	return NULL;
}

void block_reader_finish(const struct block_reader *lines, struct profile *profile)
{
	if (lines->kept_bytes > 0 && !lines->is_too_long)
		count_damage(profile, lines->line_number + 1, "cut at the file's end");
}

/* A recording writes at each sample: a file that has not changed for long is of one that is over. */
bool block_reader_is_recent(const struct block_reader *lines, const struct profile *profile)
{
	static const int64_t intervals = 10, least_s = 10, second_ns = 1000000000;
	int64_t most_s = profile->interval_ns / second_ns * intervals;
	struct timespec now;
	struct stat status;

	if (fstat(lines->fd, &status) != 0 || !S_ISREG(status.st_mode) ||
	    clock_gettime(CLOCK_REALTIME, &now) != 0)
		return false;
	return now.tv_sec - status.st_mtim.tv_sec <= (most_s > least_s ? most_s : least_s);
}

struct error *block_reader_open(struct block_reader *ret, const char *path, off_t *ret_bytes)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_os(errno, "cannot open %s", path);
	bool is_known = fstat(fd, &status) == 0;
	if (is_known && S_ISDIR(status.st_mode)) {
		close(fd);
		return error_new(ERR_FAILED,
				 "%s is a directory: name a profile in it; report and plot "
				 "take a directory of ranks",
				 path);
	}
	*ret = (struct block_reader){ .fd = fd, .block = malloc(BLOCK_BYTES) };
	if (ret->block == NULL) {
		close(fd);
		return error_no_memory();
	}
	/* A pipe has no size; it is not empty until it is read. */
	*ret_bytes = is_known && S_ISREG(status.st_mode) ? status.st_size : -1;
	return NULL;
}

void block_reader_close(struct block_reader *lines)
{
	free(lines->block);
	close(lines->fd);
}
