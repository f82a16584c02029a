/* Where a program is; see program_path.h. Cli layer. */
#include "tracer/cli/record/program_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct error *path_search(const char *name, char **ret)
{
	const char *path = getenv("PATH");
	bool refused = false;

	if (path == NULL)
		path = "/bin:/usr/bin";
	for (;;) {
		struct stat status;
		int length = (int)strcspn(path, ":");
		char *file;
		if (asprintf(&file, "%.*s%s%s", length, path, length ? "/" : "", name) < 0)
			return error_no_memory();
		bool is_file = stat(file, &status) == 0 && S_ISREG(status.st_mode);
		if (is_file && access(file, X_OK) == 0) {
			*ret = file;
			return NULL;
		}
		refused |= is_file;
		free(file);
		if (path[length] == '\0')
			break;
		path += length + 1;
	}
	if (refused)
		return error_new(ERR_NOT_EXEC,
				 "'%s' is in PATH, but it may not be executed: chmod +x it", name);
	return error_new(ERR_NOT_FOUND,
			 "no program '%s' in PATH: for a file in this directory write './%s'", name,
			 name);
}

struct error *program_path_find(const char *program, char **ret)
{
	struct stat status;

	if (strchr(program, '/') == NULL)
		return path_search(program, ret);
	if (stat(program, &status) != 0) {
		if (errno == ENOENT || errno == ENOTDIR)
			return error_new(ERR_NOT_FOUND, "there is no file %s", program);
		return error_os(errno, "cannot look at %s", program);
	}
	*ret = strdup(program);
	return *ret ? NULL : error_no_memory();
}
