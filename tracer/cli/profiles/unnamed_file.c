/* A recording that nothing is to be left of; see unnamed_file.h. Cli layer. */
#include "tracer/cli/profiles/unnamed_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *unnamed_file_directory(void)
{
	const char *directory = getenv("TMPDIR");

	return directory == NULL || directory[0] == '\0' ? "/tmp" : directory;
}

/* Where the kernel, or the file system, has no files without names (open(2), O_TMPFILE), it is removed at once. */
struct error *unnamed_file_open(int *ret)
{
	const char *directory = unnamed_file_directory();
	char name[PATH_MAX];

	*ret = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (*ret >= 0)
		return NULL;
	if (snprintf(name, sizeof(name), "%s/mprof-trace.XXXXXX", directory) < (int)sizeof(name))
		*ret = mkostemp(name, O_CLOEXEC);
	if (*ret < 0)
		return error_os(errno, "cannot create a file in %s (TMPDIR says where)", directory);
	unlink(name);
	return NULL;
}
