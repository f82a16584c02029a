/* A file that is written whole or not at all; see output_file.h (base layer). */
#include "tracer/base/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

struct error *output_file_open(struct output_file *file, const char *target)
{
	char directory[PATH_MAX];

	file->out = NULL;
	snprintf(file->target, sizeof(file->target), "%s", target);
	snprintf(directory, sizeof(directory), "%s", target);
	snprintf(file->temporary, sizeof(file->temporary), "%s/.mprof-trace-plot-XXXXXX",
		 dirname(directory));
	int fd = mkostemp(file->temporary, O_CLOEXEC);
	if (fd < 0)
		return error_os(errno, "make a file in its directory");
	file->out = fdopen(fd, "w");
	if (file->out != NULL)
		return NULL;
	close(fd);
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

struct error *output_file_commit(struct output_file *file)
{
	struct error *err = NULL;

	if (fflush(file->out) != 0 || ferror(file->out) != 0)
		err = error_os(errno != 0 ? errno : EIO, "write");
	give_usual_mode(fileno(file->out));
	/* Some file systems find the disk full at the end only. */
	if (fclose(file->out) != 0 && err == NULL)
		err = error_os(errno, "close");
	file->out = NULL;
	if (err == NULL && rename(file->temporary, file->target) != 0)
		err = error_os(errno, "rename");
	if (err != NULL)
		unlink(file->temporary);
	return err;
}

void output_file_discard(struct output_file *file)
{
	if (file->out == NULL)
		return;
	fclose(file->out);
	file->out = NULL;
	unlink(file->temporary);
}
