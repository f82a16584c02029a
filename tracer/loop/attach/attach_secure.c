/* Before the first trap; see attach_secure.h. Loop layer. */
#include "tracer/loop/attach/attach_secure.h"

#include <time.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/attach/safe_stop.h"
#include "tracer/loop/signals/sigtrap_state.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/probe/image.h"
#include "tracer/probe/modules.h"
#include "tracer/probe/site.h"

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

/* A thread that can be stopped unfelt; where a handler is at risk there must be one. */
static struct error *attach_find_volunteer(struct session *session, struct process *process,
					   struct tracee **ret)
{
	static const int64_t PATIENCE_NS = 20 * NS_PER_S;
	/* Nobody waits for us; and without its handler the program would not survive our death. */
	static const int64_t SURVIVAL_PATIENCE_NS = NS_PER_S / 2;
	static const struct timespec pause = { 0, 1000000 };
	const int64_t start_ns = clock_now_ns();
	const pid_t pid = process->pid;

	struct error *err = safe_stop_stop(session, process, ret);
	while (err == NULL && *ret == NULL &&
	       (process = target_process(&session->target, pid)) != NULL &&
	       clock_now_ns() - start_ns <
		       (handler_is_at_risk(process) ? PATIENCE_NS : SURVIVAL_PATIENCE_NS)) {
		nanosleep(&pause, NULL);
		err = safe_stop_stop(session, process, ret);
	}
	if (err != NULL || *ret != NULL || process == NULL || !handler_is_at_risk(process))
		return err;
	log_warning(
		"process %d (%s) is recorded without probes: it has a handler for SIGTRAP, which "
		"the first of them would reset, for a thread blocks that signal; and no thread "
		"could be stopped to ask for it",
		pid, process->name);
	return image_give_up(process->space->image);
}

struct error *attach_secure(struct session *session, struct process *process)
{
	struct tracee *volunteer;

	struct image *image = process->space->image;
	/* At a hit it is too late to look whether the program has an action of its own. */
	image->trap_fallback.is_wanted = session->options->survives &&
					 !image->trap_fallback.is_installed &&
					 sigtrap_state_is_default(process);
	/* The handler that one before us has left knows none of our sites yet. */
	const bool has_handler =
		image->trap_fallback.is_wanted || image->trap_fallback.is_installed;
	if (!has_handler && !sigtrap_state_is_unknown(process))
		return NULL;
	struct error *err = attach_find_volunteer(session, process, &volunteer);
	if (err != NULL || volunteer == NULL)
		return err;
	image = volunteer->process->space->image;
	if (image->trap_fallback.is_wanted)
		err = modules_find_spare(image, process->pid);
	if (err == NULL)
		err = image_map_slots(image, volunteer);
	if (err == NULL && sigtrap_state_is_unknown(volunteer->process))
		err = sigtrap_state_ask(volunteer);
	err = error_first(err, safe_stop_resume(session, volunteer));
	return err != NULL ? err : image_fill_slots(image);
}
