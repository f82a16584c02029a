/* stop -> action -> resume; see dispatch.h. Loop layer. */
#include "tracer/loop/dispatch.h"

#include <stdlib.h>
#include <sys/wait.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/earlier_calls.h"
#include "tracer/loop/family.h"
#include "tracer/loop/hit.h"
#include "tracer/loop/interruption.h"
#include "tracer/loop/summary.h"
#include "tracer/loop/trap_guard.h"
#include "tracer/loop/watch.h"
#include "tracer/target/ptrace_ops.h"
#include "tracer/target/transfer.h"

static struct error *keep_early_stop(struct session *session, const struct stop *stop)
{
	struct stop *kept = malloc(sizeof(*kept));
	if (kept == NULL)
		return error_no_memory();
	*kept = *stop;
	free(addr_map_remove(&session->early_stops, (uint64_t)stop->tid));
	struct error *err = addr_map_put(&session->early_stops, (uint64_t)stop->tid, kept);
	if (err != NULL)
		free(kept);
	return err;
}

/*
 * A new thread's first stop can come before its parent's event: it waits here, stopped. Resumed
 * early, a forked child would run into traps that nobody knows of.
 */
static struct error *dispatch_keep_early(struct session *session, const struct stop *stop)
{
	if (stop->kind == STOP_ENDED) {
		/* It has been announced, and was gone when we looked; or exec has ended it. */
		free(addr_map_remove(&session->early_stops, (uint64_t)stop->tid));
		return NULL;
	}
	/* A thread shares what its process has: nothing is to be waited for. */
	struct process *process = target_process(&session->target, target_read_pid(stop->tid));
	if (process != NULL && !process->is_watched) {
		struct tracee *tracee;
		struct error *err =
			target_add_tracee(&session->target, stop->tid, process, &tracee);
		return err != NULL ? err : dispatch_stop(session, stop, NULL);
	}
	const struct stop *known = addr_map_get(&session->early_stops, (uint64_t)stop->tid);
	if (known != NULL && known->kind == STOP_ENDED) { /* abandoned: this is what was awaited */
		free(addr_map_remove(&session->early_stops, (uint64_t)stop->tid));
		return ptrace_detach(stop->tid, 0);
	}
	return keep_early_stop(session, stop);
}

/*
 * Any stop takes back a PTRACE_INTERRUPT that was sent before it (ptrace_stop, kernel/signal.c):
 *
 *   we                                  the thread
 *   see it compute                      calls fork
 *   PTRACE_INTERRUPT
 *                                       stops for PTRACE_EVENT_FORK, and for nothing else
 *
 * Sent again before the thread is resumed, it is felt by no system call.
 */
static void dispatch_interrupt_again(const struct tracee *tracee)
{
	if (tracee->is_interrupted)
		error_free(ptrace_interrupt(tracee->tid));
}

struct error *dispatch_resume(struct tracee *tracee, int signal)
{
	tracee->is_stopped = false;
	dispatch_interrupt_again(tracee);
	if (tracee->sigreturn_waits > 0 || tracee->transfer != NULL)
		return ptrace_cont_to_syscall_stop(tracee->tid, signal);
	return ptrace_cont(tracee->tid, signal);
}

/* The calls of a process that is let go are nobody's; its memory becomes its own again. */
static struct error *dispatch_let_go(struct session *session, struct tracee *tracee)
{
	struct address_space *space = tracee->process->space;
	pid_t tid = tracee->tid;

	struct error *err = hit_leave_slot(tracee, 0);
	if (err == NULL && space != NULL && space->image != NULL)
		err = image_restore(space->image);
	if (err == NULL)
		err = ptrace_detach(tid, 0);
	if (err == NULL)
		family_forget(session, tracee);
	return err;
}

static struct error *dispatch_event_stop(struct session *session, struct tracee *tracee)
{
	const struct process *process = tracee->process;

	/* Sites in memory that is its parent's, too, cannot be taken away. */
	if (process->is_let_go && (!process->shares_memory || process->space == NULL))
		return dispatch_let_go(session, tracee);
	struct error *err = tracee->is_interrupted ? hit_hide_interrupt(tracee) : NULL;
	tracee->is_interrupted = false;
	return err != NULL ? err : dispatch_resume(tracee, 0);
}

/* The first stop of @tid, which has become known, if it came before. */
static struct error *dispatch_early(struct session *session, pid_t tid)
{
	struct stop *early = addr_map_remove(&session->early_stops, (uint64_t)tid);
	struct error *err = NULL;

	if (early != NULL && target_tracee(&session->target, tid) != NULL)
		err = dispatch_stop(session, early, NULL);
	free(early);
	return err;
}

/* The first stops of those whom their parent's death has made known. */
static struct error *dispatch_adopted(struct session *session)
{
	struct error *err = NULL;

	for (bool found = true; found && err == NULL;) {
		size_t cursor = 0;
		const struct stop *early;
		found = false;
		while (!found && (early = addr_map_next(&session->early_stops, &cursor)) != NULL)
			found = target_tracee(&session->target, early->tid) != NULL;
		if (found)
			err = dispatch_early(session, early->tid);
	}
	return err;
}

/*
 * Nothing is known of a new process but that it is traced: it is let go at its first stop. If that has
 * not been dealt with yet, a mark waits for it.
 */
static void abandon_child(struct session *session, pid_t tid)
{
	struct stop *early = addr_map_remove(&session->early_stops, (uint64_t)tid);
	struct stop mark = { .tid = tid, .kind = STOP_ENDED };

	if (early != NULL)
		error_free(ptrace_detach(tid, 0));
	else
		error_free(keep_early_stop(session, &mark));
	free(early);
}

static struct error *dispatch_new_tracee(struct session *session, struct tracee *parent,
					 bool is_vfork)
{
	unsigned long message;
	struct tracee *child = NULL;

	struct error *err = ptrace_get_event_message(parent->tid, &message);
	if (err == NULL)
		err = family_add(session, parent, (pid_t)message, is_vfork, &child);
	err = error_ignore(err, ERR_GONE); /* killed at birth */
	if (err == NULL)
		err = dispatch_early(session, (pid_t)message);
	if (err != NULL) { /* for want of memory or descriptors of ours: the parent must go on */
		log_warning("a child of process %d is not recorded: %s", parent->process->pid,
			    error_message(err));
		error_free(err);
		abandon_child(session, (pid_t)message);
	}
	return dispatch_resume(parent, 0);
}

static struct error *dispatch_exec(struct session *session, pid_t pid, const struct rusage *usage)
{
	unsigned long former_tid;

	struct error *err = ptrace_get_event_message(pid, &former_tid);
	if (err == NULL)
		err = family_exec(session, pid, (pid_t)former_tid, usage);
	if (err == NULL)
		err = dispatch_adopted(session);
	if (err != NULL)
		return err;
	struct tracee *tracee = target_tracee(&session->target, pid);
	session->is_started = true;
	if (tracee->process->is_let_go)
		return dispatch_let_go(session, tracee);
	if (tracee->process->space == NULL)
		return watch_is_wanted(session, tracee) ? watch_begin(session, tracee)
							: dispatch_resume(tracee, 0);
	/* Nothing can be injected before execve has returned: it would overwrite rax. */
	tracee->is_leaving_exec = true;
	tracee->is_stopped = false;
	return ptrace_cont_to_syscall_stop(pid, 0);
}

static void tell_unprobed(const struct process *process, const struct error *why)
{
	log_warning("process %d is recorded without probes: %s", process->pid, error_message(why));
}

/* The program is mapped with its interpreter, and no instruction of it has run. */
static struct error *dispatch_exec_left(struct session *session, struct tracee *tracee)
{
	struct image *image = tracee->process->space->image;
	struct user_regs_struct regs;

	tracee->is_leaving_exec = false;
	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err == NULL && image->space->mem_fd < 0)
		err = error_new(ERR_FORMAT,
				"its memory may not be touched (it may not be read by this "
				"user, or has made itself undumpable)");
	if (err == NULL && !arch_is_supported(&regs))
		err = error_new(ERR_FORMAT, "it is not a 64-bit program");
	if (err == NULL)
		err = trap_guard_begin(tracee);
	if (err == NULL)
		err = planner_update(&session->planner, image, tracee);
	if (err != NULL && error_code(err) == ERR_FORMAT) {
		tell_unprobed(tracee->process, err);
		error_free(err);
		err = NULL;
	}
	if (err == NULL && watch_is_wanted(session, tracee))
		return watch_begin(session, tracee);
	if (err == NULL && !image->has_linker_site) {
		image->is_settled = true; /* a static program: nothing comes later */
		summary_tell_start(session, tracee->process);
	}
	return err != NULL ? err : dispatch_resume(tracee, 0);
}

static struct error *dispatch_trap(struct session *session, struct tracee *tracee, int signal)
{
	bool is_ours;

	struct error *err = hit_handle(session, tracee, &is_ours);
	if (err == NULL && !is_ours)
		err = hit_leave_slot(tracee, signal);
	if (err == NULL && is_ours && !session->start_was_told &&
	    tracee->process->space->image->is_settled)
		summary_tell_start(session, tracee->process);
	return err != NULL ? err : dispatch_resume(tracee, is_ours ? 0 : signal);
}

/* It may have been sent to our process group, and so to our front end, too. */
static void note_signal(struct session *session, const struct tracee *tracee, int signal)
{
	siginfo_t info = { 0 };

	error_free(ptrace_get_siginfo(tracee->tid, &info));
	if (signal > 0 && signal < _NSIG)
		session->last_signals[signal] =
			(struct received_signal){ info.si_pid, clock_now_ns() };
}

static struct error *dispatch_signal(struct session *session, struct tracee *tracee, int signal)
{
	if (tracee->process->is_main)
		note_signal(session, tracee, signal);
	struct error *err = hit_leave_slot(tracee, signal);
	return err != NULL ? err : dispatch_resume(tracee, signal);
}

static struct error *dispatch_syscall(struct tracee *tracee)
{
	struct error *err = tracee->sigreturn_waits > 0 ? interruption_watch(tracee) : NULL;
	return err != NULL ? err : dispatch_resume(tracee, 0);
}

static struct error *dispatch_exiting(struct session *session, struct tracee *tracee)
{
	family_exiting(session, tracee);
	struct error *err = dispatch_adopted(session);
	return err != NULL ? err : dispatch_resume(tracee, 0);
}

static struct error *dispatch_known(struct session *session, struct tracee *tracee,
				    const struct stop *stop)
{
	struct error *err;

	tracee->is_stopped = true;
	tracee->is_listening = false;
	if (tracee->is_unread && stop->kind != STOP_EXIT)
		earlier_calls_read_stopped(session, tracee);
	if (tracee->transfer != NULL) {
		err = transfer_stop(tracee, stop->kind == STOP_SYSCALL, stop->kind == STOP_EVENT);
		if (err != NULL || stop->kind == STOP_SYSCALL)
			return err != NULL ? err : dispatch_resume(tracee, 0);
	}
	switch (stop->kind) {
	case STOP_FORK:
	case STOP_VFORK:
	case STOP_CLONE:
		return dispatch_new_tracee(session, tracee, stop->kind == STOP_VFORK);
	case STOP_EXIT:
		return dispatch_exiting(session, tracee);
	case STOP_GROUP:
		tracee->is_stopped = false; /* PTRACE_INTERRUPT makes it report again */
		tracee->is_listening = true;
		err = ptrace_listen(tracee->tid);
		dispatch_interrupt_again(tracee); /* only now does it end the listening */
		return err;
	case STOP_EVENT:
		return dispatch_event_stop(session, tracee);
	case STOP_SYSCALL:
		if (tracee->is_leaving_exec)
			return dispatch_exec_left(session, tracee);
		return dispatch_syscall(tracee);
	case STOP_TRAP:
		return dispatch_trap(session, tracee, stop->signal);
	case STOP_SIGNAL:
		return dispatch_signal(session, tracee, stop->signal);
	default:
		return dispatch_resume(tracee, 0);
	}
}

struct error *dispatch_stop(struct session *session, const struct stop *stop,
			    const struct rusage *usage)
{
	struct error *err;
	struct tracee *tracee = target_tracee(&session->target, stop->tid);

	if (stop->kind == STOP_EXEC) /* the pid may be that of a thread that exec has ended */
		err = dispatch_exec(session, stop->tid, usage);
	else if (stop->kind == STOP_ENDED && watch_ended(session, stop->tid, stop->status, usage))
		err = NULL;
	else if (tracee == NULL)
		err = dispatch_keep_early(session, stop);
	else if (stop->kind == STOP_ENDED) {
		family_ended(session, tracee, stop->status);
		err = dispatch_adopted(session);
	} else
		err = dispatch_known(session, tracee, stop);
	/* Killed in the middle of what we did: its end is on the way. */
	err = error_ignore(err, ERR_GONE);
	return err;
}

struct error *dispatch_pending(struct session *session)
{
	for (;;) {
		int status;
		struct rusage usage;
		pid_t tid = wait4(-1, &status, __WALL | WNOHANG, &usage);
		if (tid <= 0)
			return NULL;
		const struct stop stop = stop_decode(tid, status);
		struct error *err = dispatch_stop(session, &stop, &usage);
		if (err != NULL)
			return err;
	}
}
