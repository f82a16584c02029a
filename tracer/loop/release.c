/* Lets the whole target go; see release.h. Loop layer. */
#include "tracer/loop/release.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "tracer/base/log.h"
#include "tracer/loop/dispatch.h"
#include "tracer/loop/family.h"
#include "tracer/loop/hit.h"
#include "tracer/target/ptrace_ops.h"

/*
 * How a thread stands when it is let go: a signal that it was about to get is injected by
 * PTRACE_DETACH.
 */
static struct error *release_stopped(struct tracee *tracee, const struct stop *stop)
{
	int signal = 0;
	bool is_ours = false;
	struct error *err = NULL;

	if (stop->kind == STOP_TRAP)
		err = hit_undo(tracee, &is_ours);
	if (err == NULL && (stop->kind == STOP_SIGNAL || (stop->kind == STOP_TRAP && !is_ours)))
		signal = stop->signal;
	if (err == NULL)
		err = hit_leave_slot(tracee, signal);
	if (err == NULL)
		err = ptrace_detach(tracee->tid, signal);
	return err;
}

/* The code gets its own bytes back first: whoever runs on must not meet a trap any more. */
static void release_restore(struct session *session)
{
	size_t cursor = 0;
	struct process *process;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		if (process->space == NULL || process->space->image == NULL)
			continue;
		struct error *err = image_restore(process->space->image);
		if (err != NULL && error_code(err) != ERR_GONE)
			log_error("process %d keeps traps in its code: %s", process->pid,
				  error_message(err));
		error_free(err);
	}
}

static void release_interrupt(struct session *session)
{
	size_t cursor = 0;
	struct tracee *tracee;

	while ((tracee = addr_map_next(&session->target.tracees, &cursor)) != NULL)
		error_free(ptrace_interrupt(tracee->tid));
}

/* A stop on the way out: threads are let go, new ones are taken note of first. */
static struct error *release_stop(struct session *session, const struct stop *stop,
				  const struct rusage *usage)
{
	struct tracee *tracee = target_tracee(&session->target, stop->tid);
	bool is_news = stop->kind == STOP_FORK || stop->kind == STOP_VFORK ||
		       stop->kind == STOP_CLONE || stop->kind == STOP_EXEC ||
		       stop->kind == STOP_ENDED || stop->kind == STOP_EXIT;

	if (tracee == NULL || is_news) {
		struct error *err = dispatch_stop(session, stop, usage);
		release_restore(session); /* a new process has a copy of the sites */
		release_interrupt(session);
		return err;
	}
	bool is_between = stop->kind == STOP_EVENT || stop->kind == STOP_GROUP;
	if (is_between && hit_is_pending(tracee)) { /* its SIGTRAP's stop is next */
		error_free(ptrace_cont(tracee->tid, 0));
		return NULL;
	}
	struct error *err = release_stopped(tracee, stop);
	if (err != NULL && error_code(err) == ERR_GONE) { /* its end is still to come */
		error_free(err);
		return NULL;
	}
	if (err == NULL)
		family_forget(session, tracee);
	return err;
}

/* Those that an error of ours has left in a stop: they report nothing more. */
static void release_halted(struct session *session)
{
	for (bool found = true; found;) {
		size_t cursor = 0;
		struct tracee *tracee;
		found = false;
		while (!found &&
		       (tracee = addr_map_next(&session->target.tracees, &cursor)) != NULL) {
			if (!tracee->is_stopped)
				continue;
			const struct stop stop = { .tid = tracee->tid,
						   .kind = STOP_TRAP,
						   .signal = 0 };
			found = true;
			tracee->is_stopped = false;
			struct error *err = release_stopped(tracee, &stop);
			if (err == NULL)
				family_forget(session, tracee);
			error_free(err);
		}
	}
}

struct error *release_all(struct session *session)
{
	struct error *first = NULL;

	session->is_releasing = true;
	release_restore(session);
	release_halted(session);
	release_interrupt(session);
	while (session->target.tracees.count > 0) {
		int status;
		struct rusage usage;
		pid_t tid = wait4(-1, &status, __WALL, &usage);
		if (tid < 0 && errno == EINTR)
			continue;
		if (tid < 0)
			break;
		struct stop stop = stop_decode(tid, status);
		struct error *err = release_stop(session, &stop, &usage);
		if (first == NULL)
			first = err;
		else
			error_free(err);
	}
	return first;
}
