/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Opens files of /proc for a short look (proc layer).
 *
 * Only what says that a process has ended is ERR_GONE: ENOENT of open(2), ESRCH of read(2). All else is a
 * failure of ours, and the process is still there. For want of descriptors the reserve of reserve.h serves: a
 * file is to be closed soon, and no more than two be open.
 */
#ifndef PROC_PROC_FILE_H
#define PROC_PROC_FILE_H

#include <dirent.h>
#include <stddef.h>
#include <stdio.h>

#include "tracer/base/error.h"

/* The paths are formats. What is opened is the caller's. */
struct error *proc_open(FILE **ret, const char *format, ...) PRINTF_LIKE(2, 3) MUST_CHECK;
struct error *proc_open_directory(DIR **ret, const char *format, ...) PRINTF_LIKE(2, 3) MUST_CHECK;

/* Closes @file, which has been read to its end: the error, if that was none. */
struct error *proc_close(FILE *file) MUST_CHECK;

/* The first @bytes - 1 bytes of a file, with a NUL behind them; none, when it fails. */
struct error *proc_read(char *ret, size_t bytes, const char *format, ...)
	PRINTF_LIKE(3, 4) MUST_CHECK;

/*
 * A whole file of text, with a NUL behind it: *@ret is owned, and NULL when it fails. What is above @bytes_most is not
 * read.
 */
struct error *proc_read_whole(char **ret, size_t *ret_bytes, size_t bytes_most, const char *format,
			      ...) PRINTF_LIKE(4, 5) MUST_CHECK;

/*
 * open(2), for reading or for good; @dir_fd and @path as of openat(2). -1 and errno. The second one is
 * closed soon.
 */
int proc_openat(int dir_fd, const char *path, int flags);
int proc_openat_soon(int dir_fd, const char *path, int flags);

#endif
