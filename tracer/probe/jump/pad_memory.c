/* How pads read the memory of their program; see pad_memory.h. Probe layer. */
#include "tracer/probe/jump/pad_memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* The kernel's table of descriptors grows with the highest number, and is copied at each fork. */
enum { DESCRIPTORS_MOST = 4096 };

static const char FILTERED[] = "the program's system calls are filtered, or may be (seccomp)";
static const char NOT_OPENED[] = "no descriptor for /proc/self/statm could be had in the program";
static const char NOT_OURS[] =
	"the program has closed the descriptor for /proc/self/statm, or put another "
	"file there";

static bool stat_descriptor(pid_t pid, int fd, struct stat *ret)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
	return stat(path, ret) == 0;
}

static struct error *call(const struct image *image, struct tracee *tracee, long number,
			  const uint64_t arguments[6], long *ret_result)
{
	return injection_syscall(&image->injected.injection, tracee, number, arguments, ret_result);
}

/* @fd becomes the highest that is free below the limit: *@ret; the old one is closed. */
static struct error *move_up(const struct image *image, struct tracee *tracee, long fd, long *ret)
{
	enum { TRIES = 16 };
	struct rlimit limit = { .rlim_cur = DESCRIPTORS_MOST };
	struct error *err = NULL;

	(void)prlimit(tracee->process->pid, RLIMIT_NOFILE, NULL, &limit);
	uint64_t top = limit.rlim_cur < DESCRIPTORS_MOST ? limit.rlim_cur : DESCRIPTORS_MOST;
	*ret = -1;
	for (uint64_t i = 1; err == NULL && i <= TRIES && *ret < 0 && i <= top; i++) {
		const uint64_t move[6] = { (uint64_t)fd, F_DUPFD_CLOEXEC, top - i };
		err = call(image, tracee, SYS_fcntl, move, ret);
	}
	long ignored;
	struct error *closed =
		call(image, tracee, SYS_close, (uint64_t[6]){ (uint64_t)fd }, &ignored);
	return error_first(err, closed);
}

static struct error *open_statm(struct image *image, struct tracee *tracee, long *ret)
{
	static const char path[] = "/proc/self/statm";
	const struct address_space *space = image->space;
	const uint64_t open[6] = { (uint64_t)AT_FDCWD, image->pads.data.value,
				   O_RDONLY | O_CLOEXEC };
	static const char nothing[sizeof(path)];
	long fd = -1;

	*ret = -1;
	struct error *err = address_space_write(space, image->pads.data, path, sizeof(path));
	if (err == NULL)
		err = call(image, tracee, SYS_openat, open, &fd);
	if (err == NULL)
		err = address_space_write(space, image->pads.data, nothing, sizeof(nothing));
	return err != NULL || fd < 0 ? err : move_up(image, tracee, fd, ret);
}

struct error *pad_memory_begin(struct image *image, struct tracee *tracee, uint64_t age)
{
	struct process_facts facts;
	struct stat file;
	long fd;

	if (image->pads.statm_fd >= 0 || image->pads.data.value == 0 || age == UINT64_MAX ||
	    image->pads.is_memory_forbidden)
		return NULL;
	struct error *err = process_facts_read(tracee->tid, &facts);
	if (err != NULL)
		return err;
	image->pads.memory_refusal = facts.seccomp != 0 ? FILTERED : NOT_OPENED;
	if (facts.seccomp != 0)
		return NULL;
	err = open_statm(image, tracee, &fd);
	if (err != NULL || fd < 0 || !stat_descriptor(tracee->process->pid, (int)fd, &file))
		return err;
	image->pads.memory_refusal = NULL;
	image->pads.statm_fd = (int)fd;
	image->pads.statm_device = file.st_dev;
	image->pads.statm_inode = file.st_ino;
	return pad_area_set_memory(&image->pads, &image->injected, age);
}

static bool is_same_file(const struct image *image)
{
	struct stat file;

	return stat_descriptor(image->space->pid, image->pads.statm_fd, &file) &&
	       file.st_dev == image->pads.statm_device && file.st_ino == image->pads.statm_inode;
}

static struct error *stop_reading(struct image *image, const char *why)
{
	image->pads.memory_refusal = why;
	image->pads.statm_fd = -1;
	return pad_area_set_memory(&image->pads, &image->injected, UINT64_MAX);
}

bool pad_memory_is_ours(struct image *image)
{
	if (image->pads.statm_fd < 0)
		return false;
	if (is_same_file(image))
		return true;
	error_free(stop_reading(image, NOT_OURS));
	return false;
}

struct error *pad_memory_forbid(struct image *image)
{
	image->pads.is_memory_forbidden = true;
	image->pads.memory_refusal = FILTERED;
	return image->pads.statm_fd < 0 ? NULL : stop_reading(image, FILTERED);
}

struct error *pad_memory_close(struct image *image, struct tracee *tracee)
{
	long ignored;

	if (image->pads.statm_fd < 0 || !is_same_file(image))
		return NULL;
	const uint64_t close[6] = { (uint64_t)image->pads.statm_fd };
	image->pads.statm_fd = -1;
	return call(image, tracee, SYS_close, close, &ignored);
}
