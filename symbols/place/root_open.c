/* Opens files below another root; see root_open.h. Symbols layer. */
#include "symbols/place/root_open.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Without openat2(2), which Linux 5.6 has and a filter may refuse: links with absolute paths lead out of @root. */
static int open_plainly(const char *root, const char *path, uint64_t flags)
{
	char joined[PATH_MAX + 64];

	if (snprintf(joined, sizeof(joined), "%s/%s", root, path) >= (int)sizeof(joined)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(joined, (int)flags);
}

static int open_in_root(const char *root, const char *path, uint64_t flags)
{
	enum { TRIES = 16 };
	const struct open_how how = {
		.flags = flags,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd = -1;

	if (root[0] == '\0')
		return open(path, (int)flags);
	const int root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		return -1;
	/* EAGAIN: something is renamed meanwhile, perhaps on purpose. */
	for (int i = 0; i < TRIES && fd < 0 && (i == 0 || errno == EAGAIN); i++)
		fd = syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
	const int errnum = errno;
	close(root_fd);
	errno = errnum;
	return fd < 0 && (errnum == ENOSYS || errnum == EPERM) ? open_plainly(root, path, flags)
							       : (int)fd;
}

int root_open(const char *root, const char *path, int flags)
{
	char link[64];
	struct stat status;

	/* By O_PATH nothing acts, and what has been looked at is what is opened then. */
	const int place = open_in_root(root, path, (uint64_t)(O_PATH | O_CLOEXEC | flags));
	if (place < 0)
		return -1;
	int fd = -1, errnum = ENXIO;
	if (fstat(place, &status) == 0 && S_ISREG(status.st_mode)) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", place);
		fd = open(link, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		errnum = errno;
	}
	close(place);
	errno = errnum;
	return fd;
}
