/* Processes that are sampled and not traced; see untraced.h. Loop layer. */
#include "tracer/loop/dispatch/untraced.h"

#include <stdio.h>
#include <sys/stat.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/elf/imports.h"
#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/calls/calls.h"
#include "tracer/loop/dispatch/family.h"
#include "tracer/loop/dispatch/family_space.h"
#include "tracer/loop/growth/growth.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/loop/memory/sampling.h"
#include "tracer/loop/stacks/peak_stacks.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/loop/state/process_state.h"

static struct error *untraced_add(struct session *session, pid_t pid, pid_t parent_pid,
				  struct process **ret)
{
	struct error *err = target_add_process(&session->target, pid, parent_pid, ret);
	if (err != NULL)
		return err;
	(*ret)->is_untraced = true;
	session->untraced_count++;
	return NULL;
}

struct error *untraced_attached(struct session *session)
{
	size_t cursor = 0;
	struct process *process = target_process(&session->target, session->main_pid);

	struct error *err = untraced_take(session, process); /* first in the file */
	while (err == NULL &&
	       (process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		if (!process->is_main)
			err = untraced_take(session, process);
	}
	return err;
}

struct error *untraced_launched(struct session *session)
{
	struct process *process;

	session->is_started = true;
	struct error *err = untraced_add(session, session->main_pid, getpid(), &process);
	if (err != NULL)
		return err;
	process->is_main = true;
	return family_introduce(session, process);
}

struct error *untraced_take(struct session *session, struct process *process)
{
	process->is_untraced = true;
	session->untraced_count++;
	return family_introduce(session, process);
}

bool untraced_is_wanted(struct session *session, const struct tracee *tracee)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/exe", tracee->process->pid);
	return session->options->follows && file_imports(path, "ptrace");
}

struct error *untraced_enter(struct session *session, struct process *process)
{
	family_release_space(session, process);
	process->is_untraced = true;
	session->untraced_count++;
	struct error *err = process_memory_open(session, process, process->pid);
	return error_ignore(err, ERR_GONE); /* killed just now: the next tick forgets it */
}

static bool is_our_program(const struct process *process)
{
	char path[64];
	struct stat theirs, ours;

	snprintf(path, sizeof(path), "/proc/%d/exe", process->pid);
	return stat(path, &theirs) == 0 && stat("/proc/self/exe", &ours) == 0 &&
	       theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino;
}

struct error *untraced_begin(struct session *session, struct tracee *tracee)
{
	struct process *process = tracee->process;

	/* A script sets marks by our own program again and again. */
	(is_our_program(process) ? log_debug : log_info)(
		"process %d (%s) uses ptrace(2) itself: it and its children are sampled, not "
		"traced",
		process->pid, process->name);
	struct error *err = NULL;
	if (process->space != NULL)
		err = image_restore(process->space->image);
	if (err == NULL)
		err = ptrace_detach(tracee->tid, 0);
	if (err != NULL)
		return err;
	calls_end_thread(session, tracee, CALL_EXEC);
	target_remove_tracee(&session->target, tracee);
	return untraced_enter(session, process);
}

static void untraced_forget(struct session *session, struct process *process)
{
	int64_t now_ns = clock_now_ns();

	if (process->state->memory.peak_bytes > 0) {
		recorder_peak(session->recorder, process->pid, now_ns,
			      process->state->memory.peak_bytes);
		sampling_note_peak(session, process, process->state->memory.peak_bytes);
	}
	growth_leave(session, process);
	peak_stacks_end(session, process, process->state->memory.peak_bytes);
	family_release_space(session, process);
	target_remove_process(&session->target, process);
	session->untraced_count--;
}

/* Has ended: only its parent gets to know its status. */
static bool process_is_gone(struct session *session, struct process *process)
{
	return sampler_is_gone(&session->sampler, &process->state->memory.sampled);
}

/* A zombie stays its parent's child until that waits for it, perhaps for ever: it is none for us. */
static void untraced_child(void *context, pid_t pid, pid_t parent_pid)
{
	struct session *session = context;
	struct process *process;

	if (target_process(&session->target, pid) != NULL ||
	    target_tracee(&session->target, pid) != NULL)
		return;
	struct error *err = untraced_add(session, pid, parent_pid, &process);
	if (err == NULL)
		err = process_memory_open(session, process, pid);
	if (err == NULL && process_is_gone(session, process))
		untraced_forget(session, process);
	else if (err == NULL)
		family_announce(session, process);
	error_free(err); /* it has ended already */
}

static void untraced_find(struct session *session, struct process *process)
{
	if (session->options->follows)
		sampler_find_children(&session->sampler, process->pid, session, untraced_child);
}

static void untraced_look_at(struct session *session, struct process *process)
{
	char name[PROCESS_NAME_BYTES];
	uint64_t peak_bytes = 0;

	if (process_memory_is_sampled(process)) {
		process_memory_renew(process); /* an exec is not noticed */
		peak_bytes = process_memory_peak(session, process);
		if (peak_bytes > process->state->memory.peak_bytes)
			process->state->memory.peak_bytes = peak_bytes;
	}
	process_name_read(process->pid, name);
	if (strcmp(name, process->name) != 0) {
		strcpy(process->name, name);
		recorder_exec(session->recorder, process->pid, clock_now_ns(), name);
	}
	untraced_find(session, process);
}

static void untraced_look(struct session *session, struct process *process)
{
	bool is_our_child = process->is_main && session->options->attached_count == 0;

	if (!process_is_gone(session, process) || is_our_child)
		untraced_look_at(session, process);
	else
		untraced_forget(session, process);
}

/* The map must not change while it is walked. */
static void untraced_each(struct session *session,
			  void (*act)(struct session *session, struct process *process))
{
	size_t count = 0, cursor = 0;
	struct process *process;

	if (session->untraced_count == 0)
		return;
	struct process **untraced = malloc(session->untraced_count * sizeof(struct process *));
	if (untraced == NULL)
		return;
	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		if (process->is_untraced && count < session->untraced_count)
			untraced[count++] = process;
	}
	for (size_t i = 0; i < count; i++)
		act(session, untraced[i]);
	free(untraced);
}

void untraced_tick(struct session *session)
{
	untraced_each(session, untraced_look);
}

void untraced_find_children(struct session *session)
{
	untraced_each(session, untraced_find);
}

void untraced_ended(struct session *session, pid_t pid, int status, const struct rusage *usage)
{
	struct process *process = target_process(&session->target, pid);

	/* KiB: getrusage(2). It includes the largest child that it has waited for. */
	uint64_t peak_bytes = usage == NULL ? 0 : (uint64_t)usage->ru_maxrss * 1024;
	if (process->state->memory.peak_bytes == 0 && session->options->metric == METRIC_RSS)
		process->state->memory.peak_bytes = peak_bytes;
	untraced_forget(session, process);
	recorder_done(session->recorder, pid, clock_now_ns(), status);
}

void untraced_forget_all(struct session *session)
{
	size_t cursor = 0;
	struct process *process;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		if (!process->is_untraced)
			continue;
		untraced_forget(session, process);
		cursor--; /* addr_map_next: the next one may have its place now */
	}
}
