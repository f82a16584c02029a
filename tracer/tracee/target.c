/* All traced processes and their threads; see target.h. Tracee layer. */
#include "tracer/tracee/target.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void tracee_destroy(struct tracee *tracee)
{
	free(tracee->signals_at_sites);
	free(tracee->remote_call);
	free(tracee->transfer);
	free(tracee);
}

void target_deinit(struct target *target)
{
	size_t cursor = 0;
	struct tracee *tracee;
	struct process *process;

	while ((tracee = addr_map_next(&target->tracees, &cursor)) != NULL)
		tracee_destroy(tracee);
	cursor = 0;
	while ((process = addr_map_next(&target->processes, &cursor)) != NULL)
		free(process);
	addr_map_deinit(&target->tracees);
	addr_map_deinit(&target->processes);
}

struct tracee *target_tracee(const struct target *target, pid_t tid)
{
	return addr_map_get(&target->tracees, (uint64_t)tid);
}

struct process *target_process(const struct target *target, pid_t pid)
{
	return addr_map_get(&target->processes, (uint64_t)pid);
}

struct error *target_add_process(struct target *target, pid_t pid, pid_t parent_pid,
				 struct process **ret)
{
	assert(target_process(target, pid) == NULL);
	struct process *process = calloc(1, sizeof(*process));
	if (process == NULL)
		return error_no_memory();
	process->pid = pid;
	process->parent_pid = parent_pid;
	struct error *err = addr_map_put(&target->processes, (uint64_t)pid, process);
	if (err != NULL) {
		free(process);
		return err;
	}
	*ret = process;
	return NULL;
}

struct error *target_add_tracee(struct target *target, pid_t tid, struct process *process,
				struct tracee **ret)
{
	assert(target_tracee(target, tid) == NULL);
	struct tracee *tracee = calloc(1, sizeof(*tracee));
	if (tracee == NULL)
		return error_no_memory();
	tracee->tid = tid;
	tracee->process = process;
	struct error *err = addr_map_put(&target->tracees, (uint64_t)tid, tracee);
	if (err != NULL) {
		free(tracee);
		return err;
	}
	process->thread_count++;
	*ret = tracee;
	return NULL;
}

void target_remove_tracee(struct target *target, struct tracee *tracee)
{
	assert(tracee->calls == NULL);
	addr_map_remove(&target->tracees, (uint64_t)tracee->tid);
	tracee->process->thread_count--;
	tracee_destroy(tracee);
}

void target_remove_process(struct target *target, struct process *process)
{
	assert(process->thread_count == 0 && process->meter == NULL && process->space == NULL);
	addr_map_remove(&target->processes, (uint64_t)process->pid);
	free(process);
}

struct error *target_rename_tracee(struct target *target, struct tracee *tracee, pid_t tid)
{
	addr_map_remove(&target->tracees, (uint64_t)tracee->tid);
	tracee->tid = tid;
	return addr_map_put(&target->tracees, (uint64_t)tid, tracee);
}

bool target_is_thread_of(pid_t tid, pid_t pid)
{
	/* EPERM: it is there, and belongs to a user whom we may trace, but not signal. */
	return syscall(SYS_tgkill, pid, tid, 0) == 0 || errno == EPERM;
}

/* A number in /proc/TID/status; 0 when there is none. */
static int read_status_number(pid_t tid, const char *format)
{
	char path[64], line[256];
	int number = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	FILE *file = fopen(path, "re");
	while (file != NULL && number == 0 && fgets(line, sizeof(line), file) != NULL)
		sscanf(line, format, &number);
	if (file != NULL)
		fclose(file);
	return number;
}

bool target_is_traced_by_us(pid_t tid)
{
	return read_status_number(tid, "TracerPid: %d") == getpid();
}

pid_t target_read_pid(pid_t tid)
{
	return read_status_number(tid, "Tgid: %d");
}

void target_read_name(pid_t tid, char ret[TARGET_NAME_BYTES])
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/comm", tid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, ret, TARGET_NAME_BYTES - 1);
	if (fd >= 0)
		close(fd);
	ret[got > 0 ? got : 0] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	if (ret[0] == '\0')
		strcpy(ret, "?");
}

bool target_shares_memory(pid_t a, pid_t b, bool fallback)
{
	long order = syscall(SYS_kcmp, a, b, KCMP_VM, 0, 0);
	return order < 0 ? fallback : order == 0;
}
