/* Before the first trap; see attach_secure.h. Loop layer. */
#include "tracer/loop/attach/attach_secure.h"

#include <time.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/attach/safe_stop.h"
#include "tracer/loop/dispatch/dispatch.h"
#include "tracer/loop/signals/sigtrap_state.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/probe/arming/arming.h"
#include "tracer/probe/image.h"
#include "tracer/probe/modules.h"
#include "tracer/probe/site.h"
#include "tracer/proc/thread_look.h"

/*
 * Whether the first hit may be one of a thread that blocks SIGTRAP, and reset a handler that we do not know.
 */
static bool handler_is_at_risk(const struct process *process)
{
	if (!sigtrap_state_is_unknown(process))
		return false;
	for (const struct tracee *it = process->threads; it != NULL; it = it->next) {
		if (it->state->hit.blocks_trap)
			return true;
	}
	return false;
}

/*
 * Nobody waits for us. Without its handler the program would not survive the first hit, without ours not our death; and
 * what it says while we look would be missed.
 */
static int64_t patience_ns(const struct process *process)
{
	return handler_is_at_risk(process) ? 20 * NS_PER_S : NS_PER_S / 2;
}

/* A thread that runs is looked at when it stops first; it may have returned by then. */
static struct error *look_at_frames(struct tracee *tracee)
{
	struct thread_look now;
	taddr_t pc, sp;
	struct error *err;

	if (tracee->is_stopped) {
		err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
		if (err == NULL)
			sigtrap_state_look_at_frames(tracee, sp);
		return err;
	}
	err = thread_look(tracee->process->pid, tracee->tid, &now);
	if (err == NULL && now.activity == THREAD_ASLEEP)
		sigtrap_state_look_at_frames(tracee, now.sp);
	return err;
}

/* What is known of @process is what it does now. */
static struct error *attach_look(const struct session *session, struct process *process)
{
	struct trap_fallback *fallback = &process->space->image->trap_fallback;

	struct error *err = sigtrap_state_begin_attached(process);
	for (struct tracee *it = process->threads; err == NULL && it != NULL; it = it->next) {
		if (it->state->hit.is_mask_old)
			err = error_ignore(look_at_frames(it), ERR_GONE);
	}
	/* At a hit it is too late to look whether the program has an action of its own. */
	fallback->is_wanted = session->options->survives && !fallback->is_installed &&
			      sigtrap_state_is_default(process);
	return err;
}

/* Whether @tracee is in a function by which a program tells the kernel of SIGTRAP, and has not done so yet. */
static bool is_about_to_tell(const struct tracee *tracee)
{
	enum { BYTES = 256 }; /* from where such a function begins to its system call, at most */
	struct user_regs_struct regs;
	bool is = false;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err == NULL && !arch_is_in_syscall(&regs)) {
		const uint64_t pc = arch_pc(&regs).value;
		for (uint64_t at = pc - BYTES; !is && at != pc; at++) {
			const struct site *site =
				image_site(tracee->process->space->image, taddr(at));
			is = site != NULL && (site->roles & SITE_TRAP_WATCH) != 0;
		}
	}
	error_free(err);
	return is;
}

/* The next time it is elsewhere. */
static struct error *attach_stop_one(struct session *session, const struct process *process,
				     struct tracee **ret)
{
	struct error *err = safe_stop_stop(session, process, ret);
	if (err != NULL || *ret == NULL || !is_about_to_tell(*ret))
		return err;
	err = safe_stop_resume(session, *ret);
	*ret = NULL;
	return err;
}

/* A thread that can be stopped unfelt; where a handler is at risk there must be one. */
static struct error *attach_find_volunteer(struct session *session, struct process *process,
					   struct tracee **ret)
{
	static const struct timespec pause = { 0, 1000000 };
	const int64_t start_ns = clock_now_ns();
	const pid_t pid = process->pid;

	struct error *err = attach_look(session, process);
	const int64_t limit_ns = patience_ns(process);
	sigtrap_state_forget(process); /* what it will say until then is not seen */
	if (err == NULL)
		err = attach_stop_one(session, process, ret);
	while (err == NULL && *ret == NULL &&
	       (process = target_process(&session->target, pid)) != NULL &&
	       clock_now_ns() - start_ns < limit_ns) {
		nanosleep(&pause, NULL);
		err = attach_stop_one(session, process, ret);
	}
	return err;
}

static struct error *attach_watch(struct image *image)
{
	struct error *err = image_arm_first(image, SITE_TRAP_WATCH);
	image->watches_traps = err == NULL;
	return err;
}

/* No thread could be stopped: most sleep, and what one that has woken may say meanwhile is looked for once more. */
static struct error *attach_watch_asleep(struct session *session, struct process *process)
{
	struct image *image = process->space->image;

	struct error *err = attach_look(session, process);
	if (err == NULL && handler_is_at_risk(process)) {
		log_warning(
			"process %d (%s) is recorded without probes: it has a handler for SIGTRAP, "
			"which the first of them would reset, for a thread blocks that signal; "
			"and no thread could be stopped to ask for it",
			process->pid, process->name);
		return image_give_up(image);
	}
	return err != NULL ? err : attach_watch(image);
}

/*
 * Other threads run on, and may have said something new before the first trap was there. What they say behind it
 * is known before they do it: so it is asked more than once.
 */
static struct error *attach_confirm(struct session *session, pid_t volunteer_tid)
{
	enum { TIMES = 3 };
	struct tracee *volunteer = NULL;
	bool agrees = false;
	struct error *err = NULL;

	for (int i = 0; err == NULL && !agrees && i < TIMES; i++) {
		err = dispatch_pending(session);
		volunteer = target_tracee(&session->target, volunteer_tid);
		if (err != NULL || volunteer == NULL || !volunteer->is_stopped)
			return err;
		sigtrap_state_look_again(volunteer->process);
		err = sigtrap_state_compare(volunteer, &agrees);
	}
	return err != NULL || agrees ? err : sigtrap_state_ask(volunteer);
}

/*
 * All by @volunteer, which is stopped: from when it is looked what the program does with SIGTRAP until all that it
 * says of it is seen. Traps elsewhere come later.
 */
static struct error *attach_watch_stopped(struct session *session, struct tracee *volunteer)
{
	struct process *process = volunteer->process;
	struct image *image = process->space->image;

	struct error *err = attach_look(session, process);
	if (err == NULL && image->trap_fallback.is_wanted)
		err = modules_find_spare(image, process->pid);
	if (err == NULL)
		err = image_map_slots(image, volunteer);
	if (err == NULL)
		err = image_fill_slots(image, SITE_TRAP_WATCH);
	if (err == NULL && (sigtrap_state_is_unknown(process) || image->trap_fallback.is_installed))
		err = sigtrap_state_ask(volunteer);
	if (err == NULL)
		err = attach_watch(image);
	if (err == NULL && process->thread_count > 1)
		err = attach_confirm(session, volunteer->tid);
	return err;
}

struct error *attach_secure(struct session *session, struct process *process)
{
	struct image *image = process->space->image;
	const pid_t pid = process->pid;
	struct tracee *volunteer = NULL;

	/* Of a program that was executed meanwhile all is known. */
	if (image->watches_traps || image->is_given_up || !image->defers_patches)
		return NULL;
	struct error *err = attach_find_volunteer(session, process, &volunteer);
	process = target_process(&session->target, pid);
	if (err != NULL || process == NULL || process->space == NULL)
		return err;
	if (volunteer == NULL)
		return attach_watch_asleep(session, process);
	const pid_t tid = volunteer->tid;
	err = attach_watch_stopped(session, volunteer);
	volunteer = target_tracee(&session->target, tid);
	if (volunteer == NULL)
		return err;
	image = volunteer->process->space->image;
	if (volunteer->is_stopped)
		err = error_first(err, safe_stop_resume(session, volunteer));
	return err != NULL ? err : image_fill_slots(image, SITE_ANY);
}
