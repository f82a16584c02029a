/* One memory of the target; see address_space.h. Tracee layer. */
#include "tracer/tracee/address_space.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct error *address_space_open(pid_t pid, struct address_space **ret)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 && errno != EACCES && errno != EPERM)
		return error_os(errno == ENOENT ? ESRCH : errno, "open %s", path);
	struct address_space *space = malloc(sizeof(*space));
	if (space == NULL) {
		if (fd >= 0)
			close(fd);
		return error_no_memory();
	}
	*space = (struct address_space){ .users = 1, .mem_fd = fd };
	*ret = space;
	return NULL;
}

struct address_space *address_space_share(struct address_space *space)
{
	space->users++;
	return space;
}

void address_space_close(struct address_space *space)
{
	if (space == NULL || --space->users > 0)
		return;
	assert(space->image == NULL);
	if (space->mem_fd >= 0)
		close(space->mem_fd);
	free(space);
}

size_t address_space_read_some(const struct address_space *space, taddr_t from, void *ret,
			       size_t bytes)
{
	/* The kernel stops at the first page that is not mapped and says how far it came. */
	ssize_t got = pread(space->mem_fd, ret, bytes, (off_t)from.value);
	return got < 0 ? 0 : (size_t)got;
}

struct error *address_space_check(const struct address_space *space)
{
	uint8_t byte;

	return pread(space->mem_fd, &byte, 1, 0) == 0 ? error_os(ESRCH, "read the memory") : NULL;
}

/* /proc/PID/mem gives 0 when the whole memory is gone (proc_mem_rw: mmget_not_zero fails). */
static struct error *address_space_fail(const char *verb, taddr_t at, size_t bytes, ssize_t done)
{
	int errnum = done == 0 ? ESRCH : done < 0 ? errno : EIO;
	return error_os(errnum, "%s %zu bytes of the program's memory at %#lx", verb, bytes,
			(unsigned long)at.value);
}

struct error *address_space_read(const struct address_space *space, taddr_t from, void *ret,
				 size_t bytes)
{
	ssize_t got = pread(space->mem_fd, ret, bytes, (off_t)from.value);
	return got == (ssize_t)bytes ? NULL : address_space_fail("read", from, bytes, got);
}

struct error *address_space_write(const struct address_space *space, taddr_t to, const void *from,
				  size_t bytes)
{
	ssize_t put = pwrite(space->mem_fd, from, bytes, (off_t)to.value);
	return put == (ssize_t)bytes ? NULL : address_space_fail("write", to, bytes, put);
}
