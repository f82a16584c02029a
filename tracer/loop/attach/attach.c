/* Attaches to running processes; see attach.h. Loop layer. */
#include "tracer/loop/attach/attach.h"

#include <errno.h>
#include <stdlib.h>

#include "tracer/base/log.h"
#include "tracer/loop/dispatch/dispatch.h"
#include "tracer/loop/calls/calls_at_attach.h"
#include "tracer/loop/dispatch/family.h"
#include "tracer/loop/attach/attach_arm.h"
#include "tracer/loop/attach/attach_secure.h"
#include "tracer/loop/attach/attach_threads.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/loop/memory/start_mark.h"
#include "tracer/loop/python/python_attach.h"
#include "tracer/loop/signals/signal_frames.h"
#include "tracer/loop/dispatch/untraced.h"
#include "tracer/loop/state/missing.h"
#include "tracer/probe/jump/left_pads.h"
#include "tracer/proc/container.h"
#include "tracer/proc/thread_look.h"
#include "tracer/tracee/seize.h"

/*
 * Reads the symbols of @pid's files while no thread waits for us. What fails here is said later; a user that
 * may not trace it (the same right lets its memory be opened) is told that, and nothing of its files.
 */
static void attach_read_ahead(struct session *session, pid_t pid)
{
	struct address_space *space;
	pid_t tid = thread_find_living(pid);

	struct error *err = address_space_open(tid, &space);
	if (err == NULL) {
		err = image_create(space);
		if (err == NULL && !space->is_forbidden)
			err = planner_read_ahead(&session->planner, space->image, tid);
		image_destroy(space->image);
		address_space_close(space);
	}
	error_free(err);
}

static struct error *attach_add_root(struct session *session, pid_t pid)
{
	struct process *process;

	struct error *err = seize_check(pid);
	if (err != NULL || target_process(&session->target, pid) != NULL)
		return err;
	err = target_add_process(&session->target, pid, process_parent(pid), &process);
	if (err == NULL)
		process->is_main = pid == session->main_pid;
	return err;
}

/* The memory of @process: its parent's when they share it (vfork), which is opened first then. */
static struct error *attach_open_space(struct session *session, struct process *process)
{
	struct process *parent = target_process(&session->target, process->parent_pid);

	if (process->space != NULL || process->is_untraced)
		return NULL;
	if (parent != NULL && attach_shares_memory(process->pid, parent->pid)) {
		struct error *err = attach_open_space(session, parent);
		process->shares_memory = true;
		if (err == NULL)
			process_enter_space(process, address_space_share(parent->space));
		return err;
	}
	if (process->is_unfollowed) /* it shared it when it was found, and has a program of its own now */
		return NULL;
	struct address_space *space;
	struct error *err = address_space_open(thread_find_living(process->pid), &space);
	if (err != NULL)
		return err;
	process_enter_space(process, space);
	return image_create(space);
}

/* What another mprof-trace has left there, because it was killed, or because all slept. */
static struct error *attach_adopt(const struct process *process)
{
	struct image *image = process->space->image;
	struct proc_maps maps;
	size_t healed;

	struct error *err = proc_maps_read(&maps, thread_find_living(process->pid));
	if (err != NULL)
		return err;
	err = image_adopt(image, process->pid, &maps, &healed);
	if (err == NULL)
		err = left_pads_adopt(image);
	proc_maps_deinit(&maps);
	if (err == NULL && healed > 0)
		log_info("process %d: %zu traps of an mprof-trace that was killed are removed",
			 process->pid, healed);
	return err;
}

static bool attach_has_own_space(const struct process *process)
{
	return process->space != NULL && !process->shares_memory;
}

static bool attach_is_root(const struct session *session, const struct process *process)
{
	for (size_t i = 0; i < session->options->attached_count; i++) {
		if (session->options->attached[i] == process->pid)
			return true;
	}
	return false;
}

/* Those that were asked for must be Python's; what their children are is not known to who asks. */
static struct error *attach_prepare_python(struct session *session, struct process *process)
{
	const pid_t pid = process->pid;

	struct error *err = python_attach_prepare(session, process);
	if (err == NULL || error_code(err) != ERR_FORMAT)
		return err;
	if (attach_is_root(session, process)) {
		struct error *refusal = error_new(ERR_FAILED, "--python: process %d (%s): %s", pid,
						  process->name, error_message(err));
		error_free(err);
		return refusal;
	}
	(void)error_take(&err, ERR_FORMAT, log_debug, "no Python functions of process %d", pid);
	return err;
}

/* Works out where the sites are to be, and prepares them. */
static struct error *attach_prepare(struct session *session, struct process *process)
{
	/* A program that it has executed since has sites from its start on, and what is of ours there is no other's. */
	if (!attach_has_own_space(process) || process->space->image->is_settled ||
	    process->space->image->sites.count > 0)
		return NULL;
	struct image *image = process->space->image;
	struct tracee *tracee = process->threads; /* any */
	if (tracee == NULL)
		return error_os(ESRCH, "process %d has ended", process->pid);
	if (process->space->is_forbidden)
		return error_new(ERR_FAILED, "the memory of process %d may not be touched",
				 process->pid);
	struct error *err = attach_adopt(process);
	image->defers_patches = image->is_attached = true;
	if (err == NULL)
		err = planner_update(&session->planner, image, tracee);
	if (err == NULL && session->options->wants_python)
		err = attach_prepare_python(session, process);
	image->is_settled = true; /* what is loaded from now on comes later */
	(void)error_take(&err, ERR_FORMAT, log_warning, "process %d", process->pid);
	return err != NULL ? err : dispatch_pending(session);
}

static struct error *attach_secure_own(struct session *session, struct process *process)
{
	return attach_has_own_space(process) ? attach_secure(session, process) : NULL;
}

static struct error *attach_arm_own(struct session *session, struct process *process)
{
	return attach_has_own_space(process) ? attach_arm(session, process) : NULL;
}

/* Calls @act for each process that is traced; the first error ends it, but for one that is gone. */
static struct error *attach_each(struct session *session,
				 struct error *(*act)(struct session *, struct process *))
{
	pid_t *pids;
	size_t count;

	struct error *err = attach_list(session, &pids, &count);
	for (size_t i = 0; err == NULL && i < count; i++) {
		struct process *process = target_process(&session->target, pids[i]);
		if (process == NULL || process->is_untraced)
			continue; /* it has ended, or is only sampled from now on */
		err = act(session, process);
		err = error_ignore(err, ERR_GONE); /* its end will be told */
	}
	free(pids);
	return err;
}

static struct error *attach_expect_frames(struct session *session, struct process *process)
{
	(void)session;
	for (struct tracee *it = process->threads; it != NULL; it = it->next)
		signal_frames_expect(it);
	return NULL;
}

static struct error *attach_introduce(struct session *session, struct process *process)
{
	return process->is_unfollowed || process_memory_is_sampled(process)
		       ? NULL
		       : family_introduce(session, process);
}

/* What is there becomes known. *@ret_found: there was something new. */
static struct error *attach_find(struct session *session, bool *ret_found)
{
	struct error *err = attach_seize_all(session, ret_found);
	attach_drop_ended(session);
	if (err == NULL && target_process(&session->target, session->main_pid) == NULL)
		err = error_new(ERR_FAILED, "process %d has ended", session->main_pid);
	if (err == NULL && *ret_found)
		err = attach_each(session, attach_expect_frames);
	if (err == NULL && session_probes(session))
		err = attach_each(session, attach_open_space);
	return err != NULL ? err : attach_each(session, attach_introduce);
}

/*
 * All of them are prepared before the first trap is written, so that no thread that hits one has to wait for the
 * rest. Meanwhile they still fork: children are copies of their parents. A fork or clone that was under way when
 * its thread was seized is not reported; by the time that all is prepared it is over, and its child is found.
 */
static struct error *attach_prepare_all(struct session *session)
{
	enum { ROUNDS = 8 }; /* of one that always has a new child */
	bool found = true;
	struct error *err = NULL;

	for (int i = 0; err == NULL && found && i < ROUNDS; i++) {
		err = attach_each(session, attach_prepare);
		if (err == NULL)
			err = dispatch_pending(session);
		if (err == NULL)
			err = attach_find(session, &found);
	}
	return err != NULL ? err : attach_each(session, attach_prepare);
}

static struct error *attach_trace(struct session *session)
{
	bool found;

	struct error *err = attach_find(session, &found);
	if (!session_probes(session))
		return err;
	if (err == NULL)
		err = attach_prepare_all(session);
	if (err == NULL)
		err = attach_each(session, attach_secure_own);
	if (err == NULL)
		err = attach_each(session, attach_prepare);
	if (err == NULL)
		err = attach_each(session, attach_arm_own);
	return err;
}

/* By the number that it has for us, which is the one in the file, too; a container's tools have another for it. */
static void tell_attached(const struct process *process, size_t count)
{
	char place[CONTAINER_TEXT_BYTES];
	const bool is_elsewhere = container_describe(process->pid, place);

	log_info("attached to %d (%s)%s%s%s", process->pid, process->name, is_elsewhere ? ", " : "",
		 place, count > 1 ? " and others" : "");
}

struct error *attach_begin(struct session *session)
{
	const struct session_options *options = session->options;
	bool is_probed = session_probes(session);
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < options->attached_count; i++) {
		if (is_probed)
			attach_read_ahead(session, options->attached[i]);
		err = attach_add_root(session, options->attached[i]);
	}
	session->is_refused =
		err == NULL && start_is_refused(session); /* by what was read of its files */
	if (session->is_refused)
		return NULL;
	if (err == NULL)
		err = is_probed || break_settings_need_threads(options->breaks)
			      ? attach_trace(session)
			      : untraced_attached(session);
	if (err != NULL)
		return err;
	session->is_started = true;
	const struct process *process = target_process(&session->target, session->main_pid);
	if (is_probed)
		calls_at_attach_begin(session);
	tell_attached(process, options->attached_count);
	session->is_mapped = true;
	return NULL;
}

/* Until no thread of it is new; then it is done for it what attach_trace does for all. */
static struct error *attach_trace_again(struct session *session, struct process *process)
{
	struct error *err = NULL;

	for (bool is_new = true; err == NULL && is_new;)
		err = attach_seize(session, process, &is_new);
	if (err == NULL && process->threads == NULL)
		err = error_os(ESRCH, "process %d has ended", process->pid);
	if (err == NULL)
		err = attach_expect_frames(session, process);
	if (err == NULL)
		err = attach_open_space(session, process);
	if (err == NULL)
		err = attach_prepare(session, process);
	if (err == NULL)
		err = attach_secure_own(session, process);
	if (err == NULL)
		err = attach_prepare(session, process);
	return err != NULL ? err : attach_arm_own(session, process);
}

struct error *attach_again(struct session *session, struct process *process)
{
	process->is_untraced = false;
	session->untraced_count--;
	struct error *err = attach_trace_again(session, process);
	if (process->threads == NULL && !process->is_untraced) {
		process->is_untraced = true;
		session->untraced_count++;
	}
	if (err == NULL && !process->is_untraced)
		calls_at_attach_begin_again(session, process);
	return err;
}
