/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens files of /proc for a short look; see proc_file.h. Proc layer. */
#include "tracer/proc/proc_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "tracer/base/array.h"
#include "tracer/base/reserve.h"
#include "tracer/base/retry.h"

enum { PATH_BYTES = 96 };

int proc_openat(int dir_fd, const char *path, int flags)
{
	unsigned tries = 0;
	int fd;

	reserve_fill(); /* before this takes what is free */
	do
		fd = openat(dir_fd, path, flags | O_CLOEXEC);
	while (fd < 0 && retry_is_due(errno, &tries));
	return fd;
}

int proc_openat_soon(int dir_fd, const char *path, int flags)
{
	unsigned tries = 0;
	int fd;

	reserve_fill();
	do
		fd = openat(dir_fd, path, flags | O_CLOEXEC);
	while (fd < 0 && retry_from_reserve(errno, &tries));
	return fd;
}

static struct error *proc_fail(const char *verb, const char *path, int errnum)
{
	return error_os(errnum == ENOENT ? ESRCH : errnum, "%s %s", verb, path);
}

static struct error *proc_vopen(int *ret, char path[PATH_BYTES], int flags, const char *format,
				va_list arguments)
{
	vsnprintf(path, PATH_BYTES, format, arguments);
	*ret = proc_openat_soon(AT_FDCWD, path, O_RDONLY | flags);
	return *ret < 0 ? proc_fail("open", path, errno) : NULL;
}

struct error *proc_open(FILE **ret, const char *format, ...)
{
	char path[PATH_BYTES];
	unsigned tries = 0;
	va_list arguments;
	int fd;

	va_start(arguments, format);
	struct error *err = proc_vopen(&fd, path, 0, format, arguments);
	va_end(arguments);
	if (err != NULL)
		return err;
	do
		*ret = fdopen(fd, "r");
	while (*ret == NULL && retry_is_due(errno, &tries));
	if (*ret != NULL)
		return NULL;
	close(fd);
	return error_no_memory();
}

struct error *proc_open_directory(DIR **ret, const char *format, ...)
{
	char path[PATH_BYTES];
	unsigned tries = 0;
	va_list arguments;
	int fd;

	va_start(arguments, format);
	struct error *err = proc_vopen(&fd, path, O_DIRECTORY, format, arguments);
	va_end(arguments);
	if (err != NULL)
		return err;
	do
		*ret = fdopendir(fd);
	while (*ret == NULL && retry_is_due(errno, &tries));
	if (*ret != NULL)
		return NULL;
	close(fd);
	return error_no_memory();
}

struct error *proc_close(FILE *file)
{
	int errnum = ferror(file) ? errno : 0;

	fclose(file);
	return errnum == 0 ? NULL : error_os(errnum, "read a file of /proc");
}

struct error *proc_read(char *ret, size_t bytes, const char *format, ...)
{
	char path[PATH_BYTES];
	unsigned tries = 0;
	va_list arguments;
	ssize_t got;
	int fd;

	ret[0] = '\0';
	va_start(arguments, format);
	struct error *err = proc_vopen(&fd, path, 0, format, arguments);
	va_end(arguments);
	if (err != NULL)
		return err;
	do
		got = read(fd, ret, bytes - 1);
	while (got < 0 && retry_is_due(errno, &tries));
	err = got < 0 ? proc_fail("read", path, errno) : NULL;
	close(fd);
	ret[got < 0 ? 0 : got] = '\0';
	return err;
}

static struct error *read_on(int fd, const char *path, char **text, size_t *bytes,
			     size_t bytes_most)
{
	enum { STEP_BYTES = 4096 };
	size_t capacity = 0;
	unsigned tries = 0;
	ssize_t got;

	do {
		struct error *err = array_reserve(text, &capacity, *bytes + STEP_BYTES + 1, 1);
		if (err != NULL)
			return err;
		do
			got = read(fd, *text + *bytes, STEP_BYTES);
		while (got < 0 && retry_is_due(errno, &tries));
		if (got < 0)
			return proc_fail("read", path, errno);
		*bytes += (size_t)got;
		(*text)[*bytes] = '\0';
	} while (got > 0 && *bytes < bytes_most);
	return NULL;
}

struct error *proc_read_whole(char **ret, size_t *ret_bytes, size_t bytes_most, const char *format,
			      ...)
{
	char path[PATH_BYTES];
	va_list arguments;
	int fd;

	*ret = NULL;
	*ret_bytes = 0;
	va_start(arguments, format);
	struct error *err = proc_vopen(&fd, path, 0, format, arguments);
	va_end(arguments);
	if (err != NULL)
		return err;
	err = read_on(fd, path, ret, ret_bytes, bytes_most);
	close(fd);
	if (err != NULL) {
		free(*ret);
		*ret = NULL;
		*ret_bytes = 0;
	}
	return err;
}
