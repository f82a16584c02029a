/* One source file; see source_file.h. Plot layer. */
#include "plot/lines/source_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tracer/base/clock.h"

/* The largest that is known, SQLite's in one file, has 9 MiB. */
enum { BYTES_MOST = 1 << 26 };

void source_file_deinit(struct source_file *file)
{
	free(file->bytes);
	free(file->ends);
	*file = (struct source_file){ 0 };
}

/* Why it is not to be read, NULL: it is. A file of /proc has no size, and may wait, or be emptied by reading it. */
static const char *why_refused(const struct stat *status)
{
	if (S_ISDIR(status->st_mode))
		return "a directory";
	if (!S_ISREG(status->st_mode))
		return "no regular file";
	if (status->st_size == 0)
		return "an empty file";
	return status->st_size > BYTES_MOST ? "larger than 64 MiB" : NULL;
}

static struct error *index_lines(struct source_file *file)
{
	const char *const end = file->bytes + file->byte_count;
	uint32_t count = 0;

	for (const char *at = file->bytes; at < end && (at = memchr(at, '\n', (size_t)(end - at)));
	     at++)
		count++;
	bool has_rest = file->byte_count > 0 && end[-1] != '\n';
	file->ends = calloc((size_t)count + has_rest + 1, sizeof(*file->ends));
	if (file->ends == NULL)
		return error_no_memory();
	for (const char *at = file->bytes; at < end && (at = memchr(at, '\n', (size_t)(end - at)));
	     at++)
		file->ends[file->line_count++] = (uint32_t)(at - file->bytes);
	if (has_rest)
		file->ends[file->line_count++] = (uint32_t)file->byte_count;
	return NULL;
}

/* As much as it had when it was opened: it may grow, and shrink. */
static struct error *read_bytes(int fd, size_t bytes, const char **ret_why, struct source_file *ret)
{
	ret->bytes = malloc(bytes);
	if (ret->bytes == NULL)
		return error_no_memory();
	while (ret->byte_count < bytes) {
		ssize_t got = read(fd, ret->bytes + ret->byte_count, bytes - ret->byte_count);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			*ret_why = "it cannot be read";
		if (got <= 0)
			break;
		ret->byte_count += (size_t)got;
	}
	if (*ret_why == NULL && ret->byte_count > 0 &&
	    memchr(ret->bytes, '\0', ret->byte_count) != NULL)
		*ret_why = "no text";
	return *ret_why == NULL ? index_lines(ret) : NULL;
}

/* A file system may have any time. */
static int64_t epoch_ns(const struct timespec *time)
{
	int64_t ns;

	return __builtin_mul_overflow(time->tv_sec, NS_PER_S, &ns) ||
			       __builtin_add_overflow(ns, time->tv_nsec, &ns)
		       ? INT64_MAX
		       : ns;
}

struct error *source_file_read(const char *path, const char **ret_why, struct source_file *ret)
{
	struct stat status;

	*ret = (struct source_file){ 0 };
	/* To be opened alone does something to a FIFO, and to many a device. */
	*ret_why = stat(path, &status) == 0 ? why_refused(&status)
		   : errno == EACCES	    ? "it may not be read"
					    : "no such file";
	if (*ret_why != NULL)
		return NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		*ret_why = "it may not be read";
		return NULL;
	}
	*ret_why = fstat(fd, &status) != 0 ? "it cannot be read" : why_refused(&status);
	struct error *err = NULL;
	if (*ret_why == NULL) {
		ret->modified_ns = epoch_ns(&status.st_mtim);
		err = read_bytes(fd, (size_t)status.st_size, ret_why, ret);
	}
	close(fd);
	if (err != NULL || *ret_why != NULL)
		source_file_deinit(ret);
	return err;
}

const char *source_file_line(const struct source_file *file, uint32_t line, size_t *ret_bytes)
{
	const uint32_t start = line > 1 ? file->ends[line - 2] + 1 : 0;
	size_t bytes = file->ends[line - 1] - start;

	if (bytes > 0 && file->bytes[start + bytes - 1] == '\r')
		bytes--;
	*ret_bytes = bytes;
	return file->bytes + start;
}
