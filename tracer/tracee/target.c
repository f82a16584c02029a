/* All traced processes and their threads; see target.h. Tracee layer. */
#include "tracer/tracee/target.h"

#include <assert.h>
#include <stdlib.h>

void target_init(struct target *target, const struct target_states *states)
{
	*target = (struct target){ .states = states };
}

static void tracee_destroy(const struct target *target, struct tracee *tracee)
{
	target->states->thread_deinit(tracee->state);
	free(tracee->state);
	free(tracee->remote_call);
	free(tracee->transfer);
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
	(*ret)->wishes = target->wishes;
	(*ret)->has_our_filters = target->has_our_filters;
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

static void process_add_thread(struct process *process, struct tracee *tracee)
{
	tracee->next = process->threads;
	if (tracee->next != NULL)
		tracee->next->previous = tracee;
	process->threads = tracee;
	process->thread_count++;
}

static void process_remove_thread(struct process *process, const struct tracee *tracee)
{
	if (tracee->next != NULL)
		tracee->next->previous = tracee->previous;
	if (tracee->previous != NULL)
		tracee->previous->next = tracee->next;
	else
		process->threads = tracee->next;
	process->thread_count--;
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
		process_add_thread(process, *ret);
	return err;
}

void target_remove_tracee(struct target *target, struct tracee *tracee)
{
	addr_map_remove(&target->tracees, (uint64_t)tracee->tid);
	process_remove_thread(tracee->process, tracee);
	tracee_destroy(target, tracee);
}

void target_remove_process(struct target *target, struct process *process)
{
	assert(process->thread_count == 0 && process->space == NULL);
	addr_map_remove(&target->processes, (uint64_t)process->pid);
	process_destroy(target, process);
}

void process_enter_space(struct process *process, struct address_space *space)
{
	process->space = space;
	process->next_in_space = space->processes;
	space->processes = process;
}

struct address_space *process_leave_space(struct process *process)
{
	struct address_space *space = process->space;

	if (space == NULL)
		return NULL;
	struct process **link = &space->processes;
	while (*link != process)
		link = &(*link)->next_in_space;
	*link = process->next_in_space;
	if (space->processes != NULL)
		space->pid = space->processes->pid;
	process->space = NULL;
	return space;
}

struct error *target_rename_tracee(struct target *target, struct tracee *tracee, pid_t tid)
{
	addr_map_remove(&target->tracees, (uint64_t)tracee->tid);
	tracee->tid = tid;
	return addr_map_put(&target->tracees, (uint64_t)tid, tracee);
}
