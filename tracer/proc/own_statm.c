/* Whether a descriptor tells of its own process; see own_statm.h. Proc layer. */
#include "tracer/proc/own_statm.h"

#include <ctype.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "tracer/proc/proc_file.h"

/* The number in "/proc/4711/statm", or "/4711/statm" of one that is mounted where we see nothing of it; 0: another. */
static long path_number(const char *path)
{
	static const char name[] = "/statm";
	const size_t bytes = strlen(path), name_bytes = sizeof(name) - 1;

	if (bytes < name_bytes || strcmp(path + bytes - name_bytes, name) != 0)
		return 0;
	const char *at = path + bytes - name_bytes;
	while (at > path && isdigit((unsigned char)at[-1]))
		at--;
	return at > path && at[-1] == '/' ? strtol(at, NULL, 10) : 0;
}

bool own_statm_fits(const char *path, const char *status)
{
	static const char field[] = "\nNStgid:", old_field[] = "\nTgid:"; /* before Linux 4.1 */
	const long wanted = path_number(path);
	const char *at = strstr(status, field);

	if (at == NULL)
		at = strstr(status, old_field);
	if (at == NULL || wanted <= 0)
		return false;
	at = strchr(at, ':') + 1;
	while (*at != '\n' && *at != '\0') {
		char *end;
		if (strtol(at, &end, 10) == wanted && end > at)
			return true;
		if (end == at)
			return false;
		at = end;
	}
	return false;
}

bool descriptor_is_own_statm(pid_t tid, int fd)
{
	char link[64], path[PATH_MAX], status[4096];
	struct statfs file_system;

	snprintf(link, sizeof(link), "/proc/%d/fd/%d", tid, fd);
	if (statfs(link, &file_system) != 0 || file_system.f_type != PROC_SUPER_MAGIC)
		return false;
	const ssize_t got = readlink(link, path, sizeof(path) - 1);
	if (got <= 0)
		return false;
	path[got] = '\0';
	struct error *err = proc_read(status, sizeof(status), "/proc/%d/status", tid);
	bool fits = err == NULL && own_statm_fits(path, status);
	error_free(err);
	return fits;
}
