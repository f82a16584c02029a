/* How pads read the memory of their program; see pad_memory.h. Probe layer. */
#include "tracer/probe/jump/pad_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "tracer/base/log.h"
#include "tracer/proc/own_statm.h"
#include "tracer/proc/process_facts.h"
#include "tracer/tracee/filters.h"

/* The kernel's table of descriptors grows with the highest number, and is copied at each fork. */
enum { DESCRIPTORS_MOST = 4096 };

/* The limit of most programs: of another user's, prlimit(2) tells it with CAP_SYS_RESOURCE only. */
enum { DESCRIPTORS_USUAL = 1024 };

static const char FILTERED[] = "the program's system calls are filtered, or may be (seccomp)";
static const char NOT_OPENED[] = "no descriptor for /proc/self/statm could be had in the program";
static const char NOT_ITS_OWN[] =
	"what the program has at /proc/self/statm does not tell of its own memory";
static const char CHILDS[] = "a child by vfork(2) has been the first that called";
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

static struct error *close_one(const struct image *image, struct tracee *tracee, long fd)
{
	long ignored;

	return call(image, tracee, SYS_close, (uint64_t[6]){ (uint64_t)fd }, &ignored);
}

/* @fd becomes the highest that is free below the limit: *@ret; the old one is closed. */
static struct error *move_up(const struct image *image, struct tracee *tracee, long fd, long *ret)
{
	enum { TRIES = 16 };
	struct rlimit limit = { .rlim_cur = DESCRIPTORS_USUAL };
	struct error *err = NULL;

	(void)prlimit(tracee->process->pid, RLIMIT_NOFILE, NULL, &limit);
	uint64_t top = limit.rlim_cur < DESCRIPTORS_MOST ? limit.rlim_cur : DESCRIPTORS_MOST;
	*ret = -1;
	for (uint64_t i = 1; err == NULL && i <= TRIES && *ret < 0 && i <= top; i++) {
		const uint64_t move[6] = { (uint64_t)fd, F_DUPFD_CLOEXEC, top - i };
		err = call(image, tracee, SYS_fcntl, move, ret);
	}
	return error_first(err, close_one(image, tracee, fd));
}

static struct error *open_statm(struct image *image, struct tracee *tracee, long *ret)
{
	static const char path[] = "/proc/self/statm";
	const struct address_space *space = image->space;
	/* Where no /proc is mounted, anything may be there. */
	const uint64_t open[6] = { (uint64_t)AT_FDCWD, image->pads.data.value,
				   O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };
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

/* A thread whose descriptors are those of the program in @space; 0: all are about to end. */
static pid_t living_thread(const struct address_space *space)
{
	pid_t found = 0;

	for (const struct process *process = space->processes; process != NULL;
	     process = process->next_in_space) {
		/* A vfork child has descriptors of its own. */
		if (process->shares_memory && found != 0)
			continue;
		for (const struct tracee *it = process->threads; it != NULL; it = it->next)
			found = it->is_exiting ? found : it->tid;
	}
	return found;
}

enum fate {
	FATE_OURS,
	FATE_ANOTHERS, /* it is closed, or another file's */
	FATE_UNKNOWN,  /* it cannot be looked at now */
};

static enum fate fate_of(const struct pad_area *pads, pid_t tid)
{
	struct process_facts facts;
	struct stat file;

	if (tid == 0)
		return FATE_UNKNOWN;
	if (stat_descriptor(tid, pads->statm_fd, &file))
		return file.st_dev == pads->statm_device && file.st_ino == pads->statm_inode
			       ? FATE_OURS
			       : FATE_ANOTHERS;
	if (errno != ENOENT)
		return FATE_UNKNOWN;
	/* Nor has a thread that has ended any descriptor in /proc. */
	struct error *err = process_facts_read(tid, &facts);
	bool lives = err == NULL && facts.state != 'Z' && facts.state != 'X';
	error_free(err);
	return lives ? FATE_ANOTHERS : FATE_UNKNOWN;
}

static bool pads_read_memory(const struct pad_area *pads)
{
	return pads->statm_fd >= 0 && !pads->is_statm_inherited && pads->ages.usual != UINT64_MAX;
}

/* As a vfork child has: they are gone with it, and its memory, its parent's, is not. */
static bool has_other_descriptors(const struct tracee *tracee)
{
	const struct process *process = tracee->process;

	return process->shares_memory &&
	       !processes_share_files(tracee->tid, process->parent_pid, false);
}

struct error *pad_memory_begin(struct image *image, struct tracee *tracee,
			       const struct memory_ages *ages)
{
	struct process_facts facts;
	struct stat file;
	long fd = image->pads.statm_fd;

	if (pads_read_memory(&image->pads) || image->pads.is_statm_inherited ||
	    image->pads.data.value == 0 || ages->usual == UINT64_MAX ||
	    image->pads.is_memory_forbidden)
		return NULL;
	struct error *err = process_facts_read(tracee->tid, &facts);
	if (err != NULL)
		return err;
	const bool is_filtered =
		facts.seccomp != 0 && !filters_are_ours(tracee->process, tracee->tid);
	const bool is_childs = has_other_descriptors(tracee);
	image->pads.memory_refusal = is_filtered ? FILTERED : is_childs ? CHILDS : NOT_OPENED;
	if (is_filtered || is_childs)
		return NULL;
	if (fd < 0) /* else an earlier mprof-trace has left it */
		err = open_statm(image, tracee, &fd);
	if (err != NULL || fd < 0)
		return err;
	const bool is_own = descriptor_is_own_statm(tracee->tid, (int)fd);
	if (!is_own || !stat_descriptor(tracee->tid, (int)fd, &file)) {
		image->pads.statm_fd = -1;
		image->pads.memory_refusal = is_own ? NOT_OPENED : NOT_ITS_OWN;
		return close_one(image, tracee, fd);
	}
	image->pads.memory_refusal = NULL;
	image->pads.statm_fd = (int)fd;
	image->pads.statm_device = file.st_dev;
	image->pads.statm_inode = file.st_ino;
	return pad_area_set_memory(&image->pads, &image->injected, ages);
}

static struct error *stop_reading(struct image *image, const char *why)
{
	const struct memory_ages never = { .usual = UINT64_MAX };

	image->pads.memory_refusal = why;
	return pad_area_set_memory(&image->pads, &image->injected, &never);
}

bool pad_memory_is_ours(struct image *image)
{
	if (!pads_read_memory(&image->pads))
		return false;
	enum fate fate = fate_of(&image->pads, living_thread(image->space));
	if (fate == FATE_ANOTHERS) {
		image->pads.statm_fd = -1;
		error_free(stop_reading(image, NOT_OURS));
	}
	return fate == FATE_OURS;
}

struct error *pad_memory_forbid(struct image *image)
{
	image->pads.is_memory_forbidden = true;
	image->pads.memory_refusal = FILTERED;
	return pads_read_memory(&image->pads) ? stop_reading(image, FILTERED) : NULL;
}

void pad_memory_adopt(struct image *image, int fd, uint64_t device, uint64_t inode)
{
	struct pad_area *pads = &image->pads;
	const struct pad_area left = { .statm_fd = fd,
				       .statm_device = device,
				       .statm_inode = inode };

	if (pads->statm_fd >= 0 || fate_of(&left, living_thread(image->space)) != FATE_OURS)
		return;
	pads->statm_fd = fd;
	pads->statm_device = device;
	pads->statm_inode = inode;
}

/* By @tracee, whose own table of descriptors has it. */
static struct error *close_descriptor(struct image *image, struct tracee *tracee)
{
	struct pad_area *pads = &image->pads;
	const int fd = pads->statm_fd;

	const enum fate fate = fate_of(pads, tracee->tid);
	pads->statm_fd = -1;
	pads->is_statm_inherited = false;
	if (fate == FATE_UNKNOWN)
		log_debug("process %d may keep descriptor %d of ours", tracee->process->pid, fd);
	if (fate != FATE_OURS)
		return NULL;
	struct error *err = injection_find_syscall(&image->injected.injection, tracee->tid);
	return err != NULL ? err : close_one(image, tracee, fd);
}

struct error *pad_memory_close_inherited(struct image *image, struct tracee *tracee)
{
	const struct process *process = tracee->process;

	if (!image->pads.is_statm_inherited)
		return NULL;
	/* clone(2) with CLONE_FILES and without CLONE_VM: it is the parent's own. */
	if (processes_share_files(tracee->tid, process->parent_pid, true)) {
		image->pads.statm_fd = -1;
		image->pads.is_statm_inherited = false;
		return NULL;
	}
	struct error *err = close_descriptor(image, tracee);
	(void)error_take(&err, ERR_FORMAT, log_debug, "process %d keeps its parent's descriptor",
			 process->pid);
	return err;
}

struct error *pad_memory_close(struct image *image, struct tracee *tracee)
{
	return image->pads.statm_fd < 0 ? NULL : close_descriptor(image, tracee);
}
