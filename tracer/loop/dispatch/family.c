/* Processes and threads come and go; see family.h. Loop layer. */
#include "tracer/loop/dispatch/family.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/calls/calls.h"
#include "tracer/loop/dispatch/family_space.h"
#include "tracer/loop/hit/pad_stop.h"
#include "tracer/loop/hit/ring_hits.h"
#include "tracer/loop/signals/signal_at_site.h"
#include "tracer/loop/signals/signal_frames.h"
#include "tracer/loop/signals/sigtrap_state.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/loop/growth/growth.h"
#include "tracer/loop/stacks/peak_stacks.h"
#include "tracer/loop/stacks/stacks.h"
#include "tracer/loop/memory/sampling.h"
#include "tracer/probe/site.h"
#include "tracer/tracee/remote_call.h"
#include "tracer/proc/children.h"
#include "tracer/proc/proc_file.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/loop/state/process_state.h"

void family_announce(struct session *session, struct process *process)
{
	process_name_read(process->pid, process->name);
	recorder_process(session->recorder, process->pid, process->parent_pid, clock_now_ns(),
			 process->name);
	session->counts.processes++;
	sampling_take_one(session, process);
}

struct error *family_introduce(struct session *session, struct process *process)
{
	bool may_be_old = session->options->attached_count > 0;
	pid_t tid = may_be_old ? thread_find_living(process->pid) : process->pid;
	struct error *err = process_memory_open(session, process, tid);
	(void)error_take(&err, ERR_FAILED, log_warning, "process %d is recorded without its memory",
			 process->pid);
	if (err == NULL)
		family_announce(session, process);
	return err;
}

struct error *family_add_launched(struct session *session, pid_t pid)
{
	struct process *process;
	struct tracee *tracee;

	struct error *err = target_add_process(&session->target, pid, getpid(), &process);
	if (err != NULL)
		return err;
	process->is_main = true;
	process->is_launching = true;
	session->main_pid = pid;
	return target_add_tracee(&session->target, pid, process, &tracee);
}

/* What is known of @process, a copy of the memory of @parent's, is brought together with what it has. */
static struct error *family_settle_copy(const struct session *session, const struct tracee *parent,
					const struct process *process)
{
	struct image *image = process->space->image;
	struct error *err = NULL;

	/* Jumps may have been made of traps since the fork, by another thread's hit, or traps of jumps, by us as we leave. */
	if (parent->process->thread_count > 1 || parent->process->space->users > 1 ||
	    session->is_releasing || image->is_given_up)
		err = image_settle(image);
	if (process->is_unfollowed || session->is_releasing)
		image_verify_left(image);
	else
		image_verify(image);
	/* The copy may have been made before the traps were taken away. */
	return image->is_given_up ? error_first(err, image_restore(image)) : err;
}

static struct error *family_add_process(struct session *session, struct tracee *parent, pid_t pid,
					bool is_vfork, struct process **ret)
{
	struct error *err = target_add_process(&session->target, pid, parent->process->pid, ret);
	if (err != NULL)
		return err;
	(*ret)->is_unfollowed = !session->options->follows || parent->process->is_unfollowed;
	err = family_give_space(*ret, parent, is_vfork);
	bool is_copy = err == NULL && (*ret)->space != NULL && !(*ret)->shares_memory &&
		       (*ret)->space->image != NULL;
	if (is_copy)
		err = family_settle_copy(session, parent, *ret);
	if (err == NULL && !(*ret)->is_unfollowed)
		return family_introduce(session, *ret);
	/* Nothing of it has been opened: its end may have been told already, and is not told again. */
	bool is_traced = true;
	if (err == NULL)
		err = thread_is_traced_by_us(pid, &is_traced);
	return err != NULL || is_traced ? err : error_os(ESRCH, "process %d", pid);
}

struct error *family_add(struct session *session, struct tracee *parent, pid_t tid, bool is_vfork,
			 struct tracee **ret)
{
	struct process *process = parent->process;
	struct error *err = NULL;

	*ret = target_tracee(&session->target, tid);
	if (*ret != NULL) { /* it has made itself known, or was found when its parent died */
		if ((*ret)->process == process)
			sigtrap_state_inherit(*ret, parent);
		return NULL;
	}
	bool is_process = !process_has_thread(parent->process->pid, tid);
	if (is_process)
		err = family_add_process(session, parent, tid, is_vfork, &process);
	if (err == NULL)
		err = target_add_tracee(&session->target, tid, process, ret);
	if (err != NULL) {
		if (is_process && process != parent->process && process->thread_count == 0) {
			family_release_space(session, process);
			target_remove_process(&session->target, process);
		}
		return err;
	}
	process->state->hit = parent->process->state->hit;
	process->state->hit.is_spawned = process->shares_memory;
	process->state->hit.is_no_init = false;
	if (is_process) /* it has not come of that thread, which makes a child */
		process->state->hit.setter.tid = 0;
	sigtrap_state_inherit(*ret, parent);
	bool is_copy = is_process && process->space != parent->process->space;
	if (!is_copy || process->is_unfollowed)
		return NULL;
	signal_frames_copy(*ret, parent);
	err = signal_at_site_copy(*ret, parent);
	return err != NULL ? err : calls_fork(*ret, parent);
}

void family_forget(struct session *session, struct tracee *tracee)
{
	struct process *process = tracee->process;

	error_free(ring_hits_end(session, tracee));
	calls_end_thread(session, tracee, CALL_OPEN);
	target_remove_tracee(&session->target, tracee);
	if (process->thread_count > 0)
		return;
	calls_end_orphans(session, process, CALL_OPEN);
	family_release_space(session, process);
	target_remove_process(&session->target, process);
}

/* exec has killed all threads but the one that called it. */
static void family_exec_ends_others(struct session *session, const struct tracee *survivor)
{
	struct tracee *next;

	for (struct tracee *it = survivor->process->threads; it != NULL; it = next) {
		next = it->next;
		if (it == survivor)
			continue;
		calls_end_thread(session, it, CALL_EXEC);
		target_remove_tracee(&session->target, it);
	}
}

/* Whether nothing is known of process @pid, although we trace it. */
static bool family_is_unknown(const struct session *session, pid_t pid)
{
	bool is_traced = false;

	if (target_tracee(&session->target, pid) != NULL ||
	    target_process(&session->target, pid) != NULL)
		return false;
	error_free(thread_is_traced_by_us(pid, &is_traced));
	return is_traced;
}

/*
 * Killed by exit_group or exec at the wrong moment, a thread does not even tell that it exits, and its
 * children have another parent by now: all processes younger than its own are looked at, for those that
 * we trace and do not know.
 */
static void family_adopt_lost(struct session *session, struct tracee *parent)
{
	const struct process *process = parent->process;
	const struct dirent *entry;
	DIR *processes;

	if (!process->has_lost_exits)
		return;
	struct error *err = proc_open_directory(&processes, "/proc");
	if (err != NULL) {
		error_free(err);
		return;
	}
	while ((entry = readdir(processes)) != NULL) {
		struct tracee *tracee;
		pid_t pid = atoi(entry->d_name);
		if (pid <= process->pid || !family_is_unknown(session, pid))
			continue;
		pid_t parent_pid = process_parent(pid);
		/* Another one's will be announced. */
		if (parent_pid == process->pid ||
		    target_process(&session->target, parent_pid) == NULL)
			error_free(family_add(session, parent, pid, false, &tracee));
	}
	closedir(processes);
}

struct error *family_exec(struct session *session, pid_t pid, pid_t former_tid,
			  const struct rusage *usage)
{
	struct tracee *tracee = target_tracee(&session->target, former_tid);

	if (tracee == NULL)
		return error_new(ERR_GONE, "thread %d is not known", former_tid);
	struct process *process = tracee->process;
	family_exec_ends_others(session, tracee);
	family_adopt_lost(session, tracee);
	process->has_lost_exits = false;
	calls_end_thread(session, tracee, CALL_EXEC);
	calls_end_orphans(session, process, CALL_EXEC);
	signal_at_site_forget(tracee);
	signal_frames_forget(tracee);
	free(tracee->remote_call);
	tracee->remote_call = NULL;
	tracee->state->calls.is_unread = false;
	if (former_tid != pid) {
		struct error *err = target_rename_tracee(&session->target, tracee, pid);
		if (err != NULL)
			return err;
	}
	/* KiB: getrusage(2). Of the resident set; no other high-water mark outlives an exec. */
	uint64_t peak_bytes =
		process_memory_without_added(process, (uint64_t)usage->ru_maxrss * 1024);
	struct error *err = family_new_image(session, process);
	if (err != NULL || process->is_unfollowed)
		return err;
	if (process->is_launching) {
		process->is_launching = false;
		return family_introduce(session, process);
	}
	int64_t now_ns = clock_now_ns();
	if (session->options->metric == METRIC_RSS) {
		recorder_peak(session->recorder, pid, now_ns, peak_bytes);
		sampling_note_peak(session, process, peak_bytes); /* of the program that is gone */
	}
	process_name_read(pid, process->name);
	process_memory_renew(process);
	growth_leave(session, process);
	peak_stacks_end(session, process, peak_bytes);
	stacks_forget(session, process);
	peak_stacks_forget(process);
	recorder_exec(session->recorder, pid, now_ns, process->name);
	sampling_take_one(session, process);
	return NULL;
}

/* The thread whose files are read is about to go: another one's show the same memory. */
static void family_switch_meter(struct session *session, const struct tracee *leaving)
{
	struct process *process = leaving->process;

	if (!process_memory_is_sampled(process) || process_memory_tid(process) != leaving->tid)
		return;
	for (const struct tracee *it = process->threads; it != NULL; it = it->next) {
		if (it == leaving || it->is_exiting)
			continue;
		struct error *err = process_memory_open(session, process, it->tid);
		if (err == NULL)
			return;
		error_free(err);
	}
}

/*
 * A thread that is killed between making a child and the event that tells us never tells us: the
 * child, traced from birth and with a copy of our traps, would stand there for ever.
 */
static void family_adopt_unannounced(struct session *session, struct tracee *parent)
{
	pid_t *children;
	size_t count;

	struct error *err = children_read(parent->process->pid, parent->tid, &children, &count);
	for (size_t i = 0; err == NULL && i < count; i++) {
		struct tracee *tracee;
		if (family_is_unknown(session, children[i]))
			error_free(family_add(session, parent, children[i], false, &tracee));
	}
	if (err == NULL)
		free(children);
	error_free(err);
}

void family_exiting(struct session *session, struct tracee *tracee)
{
	struct process *process = tracee->process;
	const struct tracee *first = target_tracee(&session->target, process->pid);
	error_free(pad_stop_settle(tracee));
	error_free(ring_hits_end(session, tracee));
	/* One that exits while exit_group kills it may not stop any more, and the memory goes. */
	if (process->thread_count > 1 && (first == tracee || first == NULL || first->is_exiting))
		error_free(ring_hits_take_last(session, process));
	family_adopt_unannounced(session, tracee);
	/* What others have recorded came before this stop. */
	if (calls_may_end_elsewhere(tracee) && tracee->process->space != NULL)
		error_free(ring_hits_take_space(session, tracee->process->space));
	calls_thread_exits(session, tracee);
	tracee->is_exiting = true;
	/* The memory goes with the last thread; after exit_group the first one stays behind. */
	bool may_be_last = process->thread_count == 1 || tracee->tid == process->pid;
	if (may_be_last) {
		charges_cpu_time(&session->charges, process);
		growth_leave(session, process);
	}
	if (!may_be_last || !process_memory_is_sampled(process))
		return;
	sampling_take_one(session, process);
	uint64_t peak_bytes = process_memory_peak(session, process);
	if (peak_bytes > 0) {
		recorder_peak(session->recorder, process->pid, clock_now_ns(), peak_bytes);
		sampling_note_peak(session, process, peak_bytes);
	} else {
		/* The kernel keeps none: what was read for calls counts as well. */
		sampling_note_peak(session, process, process->state->memory.highest_bytes);
	}
	peak_stacks_end(session, process,
			peak_bytes > 0 ? peak_bytes : process->state->memory.highest_bytes);
	family_switch_meter(session, tracee);
}

void family_ended(struct session *session, struct tracee *tracee, int status)
{
	struct process *process = tracee->process;
	bool was_unfollowed = process->is_unfollowed;
	bool was_launching = process->is_launching;
	pid_t pid = process->pid;
	bool is_last = process->thread_count == 1;

	process->has_lost_exits = process->has_lost_exits || !tracee->is_exiting;
	if (!tracee->is_exiting) /* what is still there of it */
		error_free(ring_hits_end(session, tracee));
	if (is_last)
		family_adopt_lost(session, tracee);
	calls_end_thread(session, tracee, CALL_EXIT);
	target_remove_tracee(&session->target, tracee);
	if (!is_last)
		return;
	calls_end_orphans(session, process, CALL_EXIT);
	family_inherit_memory(session, process);
	family_release_space(session, process);
	target_remove_process(&session->target, process);
	if (!was_unfollowed && !was_launching)
		recorder_done(session->recorder, pid, clock_now_ns(), status);
}
