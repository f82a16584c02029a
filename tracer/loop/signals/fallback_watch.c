/* Notices when the fallback's handler is lost; see fallback_watch.h. Loop layer. */
#include "tracer/loop/signals/fallback_watch.h"

#include <signal.h>

#include "tracer/loop/state/thread_state.h"
#include "tracer/proc/signal_state.h"
#include "tracer/tracee/ptrace_ops.h"

void fallback_watch_signal(struct tracee *tracee)
{
	tracee->state->hit.has_got_signal = true;
}

/*
 * The mask alone does not tell: the kernel has taken SIGTRAP out of it, and two handlers may have the same. Signals alone
 * do not tell either: the handler of one returns into that of another, and back to its mask.
 */
static bool mask_may_be_new(struct tracee *tracee)
{
	struct hit_state *hit = &tracee->state->hit;
	uint64_t mask;

	struct error *err = ptrace_get_sigmask(tracee->tid, &mask);
	if (err != NULL) {
		error_free(err);
		return false;
	}
	const bool may = hit->has_got_signal || mask != hit->last_mask;
	hit->has_got_signal = false;
	hit->last_mask = mask;
	return may;
}

bool fallback_watch_is_lost(struct tracee *tracee)
{
	struct signal_state state;

	if (!mask_may_be_new(tracee))
		return false;
	struct error *err = signal_state_read(tracee->tid, &state);
	const bool is_lost = err == NULL && !signal_set_has(state.caught, SIGTRAP);
	error_free(err);
	return is_lost;
}
