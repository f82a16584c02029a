/* A file that is written whole or not at all; see output_file.h (base layer). */
#include "tracer/base/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FD_PATH_BYTES = 32 };

struct error *output_file_check(const char *path, bool (*is_profile)(const char *path),
				char target[static PATH_MAX])
{
	struct stat status;

	if (realpath(path, target) == NULL && snprintf(target, PATH_MAX, "%s", path) >= PATH_MAX)
		return error_os(ENAMETOOLONG, "cannot write %s", path);
	if (stat(target, &status) == 0 && !S_ISREG(status.st_mode))
		return error_new(ERR_FAILED, "cannot write %s: it is not a regular file", path);
	if (access(target, W_OK) != 0 && errno != ENOENT)
		return error_os(errno, "cannot write %s", path);
	/* Such as one recorded with -o x.png, which is then plotted to x.png. */
	if (is_profile != NULL && is_profile(target))
		return error_new(ERR_FAILED,
				 "cannot write %s: it is a profile, which would be lost; "
				 "-o names another file",
				 path);
	return NULL;
}

static void path_of_fd(int fd, char ret[static FD_PATH_BYTES])
{
	snprintf(ret, FD_PATH_BYTES, "/proc/self/fd/%d", fd);
}

/* One without a name goes with us, however we end. -1: not there, not on this file system, or not to be named later. */
static int open_unnamed(const char *directory)
{
	char path[FD_PATH_BYTES];
	int fd = open(directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);

	if (fd < 0)
		return -1;
	path_of_fd(fd, path);
	if (access(path, F_OK) == 0)
		return fd;
	close(fd);
	return -1;
}

struct error *output_file_open(struct output_file *file, const char *target)
{
	char copy[PATH_MAX];

	file->out = NULL;
	snprintf(file->target, sizeof(file->target), "%s", target);
	snprintf(copy, sizeof(copy), "%s", target);
	const char *directory = dirname(copy);
	snprintf(file->temporary, sizeof(file->temporary), "%s/.mprof-trace-plot-XXXXXX",
		 directory);
	int fd = open_unnamed(directory);
	file->is_named = fd < 0;
	if (file->is_named)
		fd = mkostemp(file->temporary, O_CLOEXEC);
	if (fd < 0)
		return error_os(errno, "make a file in its directory");
	file->out = fdopen(fd, "w");
	if (file->out != NULL)
		return NULL;
	close(fd);
	if (file->is_named)
		unlink(file->temporary);
	return error_no_memory();
}

/* What creat(2) would have given the file; mkstemp gives its owner alone. */
static void give_usual_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	/* Some file systems have no modes to change. */
	int ignored = fchmod(fd, 0666 & ~mask);
	(void)ignored;
}

/* linkat(2) replaces nothing: the target, if there is one, is replaced by rename(2), and until then it has a name of ours. */
static struct error *give_name(struct output_file *file)
{
	enum { TRIES = 100 };
	char path[FD_PATH_BYTES];
	const size_t stem = strlen(file->temporary) - strlen("XXXXXX");
	int result = -1;

	path_of_fd(fileno(file->out), path);
	for (int i = 0; i < TRIES && result < 0 && (i == 0 || errno == EEXIST); i++) {
		snprintf(file->temporary + stem, sizeof(file->temporary) - stem, "%d.%d", getpid(),
			 i);
		result = linkat(AT_FDCWD, path, AT_FDCWD, file->temporary, AT_SYMLINK_FOLLOW);
	}
	if (result < 0)
		return error_os(errno, "name a file in its directory");
	file->is_named = true;
	return NULL;
}

struct error *output_file_commit(struct output_file *file)
{
	struct error *err = NULL;

	if (fflush(file->out) != 0 || ferror(file->out) != 0)
		err = error_os(errno != 0 ? errno : EIO, "write");
	if (file->is_named)
		give_usual_mode(fileno(file->out));
	else if (err == NULL)
		err = give_name(file);
	/* Some file systems find the disk full at the end only. */
	if (fclose(file->out) != 0 && err == NULL)
		err = error_os(errno, "close");
	file->out = NULL;
	if (err == NULL && rename(file->temporary, file->target) != 0)
		err = error_os(errno, "rename");
	if (err != NULL && file->is_named)
		unlink(file->temporary);
	return err;
}

void output_file_discard(struct output_file *file)
{
	if (file->out == NULL)
		return;
	fclose(file->out);
	file->out = NULL;
	if (file->is_named)
		unlink(file->temporary);
}
