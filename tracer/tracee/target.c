/* All traced processes and their threads; see target.h. Target layer. */
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

void target_init(struct target *target, const struct target_states *states)
{
	*target = (struct target){ .states = states };
}

static void tracee_destroy(const struct target *target, struct tracee *tracee)
{
	target->states->thread_deinit(tracee->state);
	free(tracee->state);
	free(tracee->remote_call);
	free(tracee);
}

static void process_destroy(const struct target *target, struct process *process)
{
	target->states->process_deinit(process->state);
	free(process->state);
	free(process);
}

void target_deinit(struct target *target)
{
	size_t cursor = 0;
	struct tracee *tracee;
	struct process *process;

	while ((tracee = addr_map_next(&target->tracees, &cursor)) != NULL)
		tracee_destroy(target, tracee);
	cursor = 0;
	while ((process = addr_map_next(&target->processes, &cursor)) != NULL)
		process_destroy(target, process);
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

static struct error *process_create(const struct target *target, pid_t pid, struct process **ret)
{
	struct process *process = calloc(1, sizeof(*process));
	if (process == NULL)
		return error_no_memory();
	process->pid = pid;
	process->state = calloc(1, target->states->process_bytes);
	if (process->state == NULL) {
		free(process);
		return error_no_memory();
	}
	*ret = process;
	return NULL;
}

struct error *target_add_process(struct target *target, pid_t pid, pid_t parent_pid,
				 struct process **ret)
{
	assert(target_process(target, pid) == NULL);
	struct error *err = process_create(target, pid, ret);
	if (err != NULL)
		return err;
	(*ret)->parent_pid = parent_pid;
	err = addr_map_put(&target->processes, (uint64_t)pid, *ret);
	if (err != NULL)
		process_destroy(target, *ret);
	return err;
}

static struct error *tracee_create(const struct target *target, pid_t tid, struct tracee **ret)
{
	struct tracee *tracee = calloc(1, sizeof(*tracee));
	if (tracee == NULL)
		return error_no_memory();
	tracee->tid = tid;
	tracee->state = calloc(1, target->states->thread_bytes);
	if (tracee->state == NULL) {
		free(tracee);
		return error_no_memory();
	}
	*ret = tracee;
	return NULL;
}

struct error *target_add_tracee(struct target *target, pid_t tid, struct process *process,
				struct tracee **ret)
{
	assert(target_tracee(target, tid) == NULL);
	struct error *err = tracee_create(target, tid, ret);
	if (err != NULL)
		return err;
	(*ret)->process = process;
	err = addr_map_put(&target->tracees, (uint64_t)tid, *ret);
	if (err != NULL)
		tracee_destroy(target, *ret);
	else
		process->thread_count++;
	return err;
}

void target_remove_tracee(struct target *target, struct tracee *tracee)
{
	addr_map_remove(&target->tracees, (uint64_t)tracee->tid);
	tracee->process->thread_count--;
	tracee_destroy(target, tracee);
}

void target_remove_process(struct target *target, struct process *process)
{
	assert(process->thread_count == 0 && process->space == NULL);
	addr_map_remove(&target->processes, (uint64_t)process->pid);
	process_destroy(target, process);
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
