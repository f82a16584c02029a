/* Whether a file is the one that a process has mapped; see mapped_file.h. Proc layer. */
#include "tracer/proc/mapped_file.h"

#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

void mapped_file_link(const struct mapping *m, pid_t pid, char ret[static MAPPED_LINK_BYTES])
{
	snprintf(ret, MAPPED_LINK_BYTES, "/proc/%d/map_files/%lx-%lx", pid, m->start, m->end);
}

const char *mapped_file_name(const struct mapping *m, pid_t pid)
{
	char link[64], root[PATH_MAX];

	snprintf(link, sizeof(link), "/proc/%d/root", pid);
	const ssize_t got = readlink(link, root, sizeof(root));
	const size_t bytes = got > 1 && got < (ssize_t)sizeof(root) ? (size_t)got : 0;
	const bool is_below = strncmp(m->path, root, bytes) == 0 && m->path[bytes] == '/';
	return is_below ? m->path + bytes : m->path;
}

/* File systems of several devices: maps names one, stat(2) another. */
static bool has_several_devices(const char *path)
{
	struct statfs file_system;

	return statfs(path, &file_system) == 0 && (file_system.f_type == OVERLAYFS_SUPER_MAGIC ||
						   file_system.f_type == BTRFS_SUPER_MAGIC);
}

bool mapped_file_is_at(const struct mapping *m, pid_t pid, const char *path)
{
	char link[MAPPED_LINK_BYTES];
	struct stat found, mapped;

	if (stat(path, &found) != 0)
		return false;
	if (found.st_ino == m->inode && found.st_dev == m->device)
		return true;
	mapped_file_link(m, pid, link);
	if (stat(link, &mapped) == 0)
		return found.st_ino == mapped.st_ino && found.st_dev == mapped.st_dev;
	return found.st_ino == m->inode && has_several_devices(path);
}
