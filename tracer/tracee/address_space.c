/* One memory of the target; see address_space.h. Tracee layer. */
#include "tracer/tracee/address_space.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tracer/base/retry.h"
#include "tracer/proc/proc_file.h"

struct error *address_space_open(pid_t pid, struct address_space **ret)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	int fd = proc_openat(AT_FDCWD, path, O_RDWR);
	bool is_forbidden = fd < 0 && (errno == EACCES || errno == EPERM);
	bool is_short = fd < 0 && (errno == EMFILE || errno == ENFILE);
	if (fd < 0 && !is_forbidden && !is_short)
		return error_os(errno == ENOENT ? ESRCH : errno, "open %s", path);
	struct address_space *space = malloc(sizeof(*space));
	if (space == NULL) {
		if (fd >= 0)
			close(fd);
		return error_no_memory();
	}
	*space = (struct address_space){
		.users = 1,
		.pid = pid,
		.mem_fd = fd,
		.is_forbidden = is_forbidden,
	};
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

/* The file of its memory for one access; -1 and errno. */
static int address_space_begin(const struct address_space *space)
{
	char path[64];

	if (space->mem_fd >= 0)
		return space->mem_fd;
	errno = EACCES;
	snprintf(path, sizeof(path), "/proc/%d/mem", space->pid);
	return space->is_forbidden ? -1 : proc_openat_soon(AT_FDCWD, path, O_RDWR);
}

static void address_space_end(const struct address_space *space, int fd)
{
	if (fd != space->mem_fd)
		close(fd);
}

/* EIO says most often that nothing is mapped there: asked twice, it does. */
static bool access_is_due_again(unsigned *tries)
{
	return errno == EIO ? (*tries)++ == 0 : retry_is_due(errno, tries);
}

/*
 * Reads to @to, or else writes from @from. As pread(2) and pwrite(2) of the memory, which stop at the first
 * page that is not mapped.
 */
static ssize_t address_space_access(const struct address_space *space, taddr_t at, size_t bytes,
				    void *to, const void *from)
{
	unsigned tries = 0;
	ssize_t done;
	int fd = address_space_begin(space);

	if (fd < 0)
		return -1;
	do
		done = to != NULL ? pread(fd, to, bytes, (off_t)at.value)
				  : pwrite(fd, from, bytes, (off_t)at.value);
	while (done < 0 && access_is_due_again(&tries));
	address_space_end(space, fd);
	return done;
}

size_t address_space_read_some(const struct address_space *space, taddr_t from, void *ret,
			       size_t bytes)
{
	ssize_t got = address_space_access(space, from, bytes, ret, NULL);
	return got < 0 ? 0 : (size_t)got;
}

struct error *address_space_check(const struct address_space *space)
{
	uint8_t byte;

	if (space->is_forbidden)
		return NULL;
	ssize_t got = address_space_access(space, taddr(0), 1, &byte, NULL);
	if (got > 0 || (got < 0 && errno == EIO)) /* nothing is mapped there */
		return NULL;
	int errnum = got == 0 || errno == ENOENT ? ESRCH : errno;
	return error_os(errnum, "read the memory of process %d", space->pid);
}

/* Whether @at, where an access has failed with @errnum, can be read no more than anything else there. */
static bool is_unmapped(const struct address_space *space, taddr_t at, int errnum)
{
	uint8_t byte;

	return errnum == EIO && address_space_access(space, at, 1, &byte, NULL) < 0 && errno == EIO;
}

/* /proc/PID/mem gives 0 when the whole memory is gone (proc_mem_rw: mmget_not_zero fails). */
static struct error *address_space_fail(const struct address_space *space, const char *verb,
					taddr_t at, size_t bytes, ssize_t done)
{
	int errnum = done == 0 ? ESRCH : done > 0 ? EIO : errno == ENOENT ? ESRCH : errno;
	if (is_unmapped(space, taddr_add(at, done > 0 ? (uint64_t)done : 0), errnum))
		return error_new(ERR_UNMAPPED,
				 "%s %zu bytes of the program's memory at %#lx: "
				 "nothing is mapped there",
				 verb, bytes, (unsigned long)at.value);
	return error_os(errnum, "%s %zu bytes of the program's memory at %#lx", verb, bytes,
			(unsigned long)at.value);
}

struct error *address_space_read(const struct address_space *space, taddr_t from, void *ret,
				 size_t bytes)
{
	ssize_t got = address_space_access(space, from, bytes, ret, NULL);
	return got == (ssize_t)bytes ? NULL : address_space_fail(space, "read", from, bytes, got);
}

struct error *address_space_write(const struct address_space *space, taddr_t to, const void *from,
				  size_t bytes)
{
	ssize_t put = address_space_access(space, to, bytes, NULL, from);
	return put == (ssize_t)bytes ? NULL : address_space_fail(space, "write", to, bytes, put);
}
