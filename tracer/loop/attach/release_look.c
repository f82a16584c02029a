/* Looks at threads that are to be released; see release_look.h. Loop layer. */
#include "tracer/loop/attach/release_look.h"

#include "tracer/base/clock.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/tracee/transfer.h"
#include "tracer/loop/signals/signal_frames.h"
#include "tracer/loop/state/thread_state.h"

/* After this time a transfer that a stop has cut ends, and is short: its other end may wait for ever. */
static const int64_t TRANSFER_NS = 10000000000;

bool release_space_is_clear(const struct address_space *space, const struct tracee *except)
{
	const struct process *process = space == NULL ? NULL : space->processes;

	for (; process != NULL; process = process->next_in_space) {
		for (const struct tracee *it = process->threads; it != NULL; it = it->next) {
			const struct release_state *other = &it->state->release;
			if (it != except && (!other->is_clear || other->is_in_slot))
				return false;
		}
	}
	return true;
}

void release_look_anew(const struct address_space *space)
{
	const struct process *process = space == NULL ? NULL : space->processes;

	for (; process != NULL; process = process->next_in_space) {
		for (const struct tracee *it = process->threads; it != NULL; it = it->next)
			it->state->release.is_clear = it->state->release.is_held;
	}
}

bool release_space_has_mappings(const struct address_space *space)
{
	return space != NULL && space->image != NULL && image_has_mappings(space->image);
}

bool release_space_has_used(const struct address_space *space)
{
	return space != NULL && space->image != NULL && injected_has_used(&space->image->injected);
}

/* @tracee sleeps, as @now says. */
static void release_spare(struct tracee *tracee, const struct thread_look *now)
{
	const struct address_space *space = tracee->process->space;

	tracee->state->release.is_clear = true;
	tracee->state->release.is_in_slot = space != NULL && space->image != NULL &&
					    injected_at(&space->image->injected, now->pc) != NULL;
	if (release_space_has_used(space))
		signal_frames_read_asleep(tracee, now->sp);
}

/*
 * The bytes are restored: a thread that is seen asleep, or to have ended, cannot meet a trap any
 * more. Our exit detaches it and does not wake it. One that computes is interrupted.
 */
static void release_look(struct tracee *tracee, bool is_patient)
{
	struct thread_look now;

	struct error *err = thread_look(tracee->process->pid, tracee->tid, &now);
	bool has_ended = err != NULL && error_code(err) == ERR_GONE;
	error_free(err);
	bool computes = thread_look_again(&tracee->state->look, &now);
	/* Our exit would kill those that were seized so. */
	bool is_spared = now.activity == THREAD_ASLEEP && !tracee->process->wishes.kills_on_exit;
	if (has_ended)
		tracee->state->release.is_clear = true;
	else if (is_spared)
		release_spare(tracee, &now);
	else if (computes || tracee->is_listening || tracee->process->wishes.kills_on_exit ||
		 !is_patient) {
		tracee->is_interrupted = true;
		error_free(ptrace_interrupt(tracee->tid));
	}
}

/*
 * @tracee was interrupted, and waits for its vfork child perhaps: its stop may be as long in coming as that child likes, and
 * it meets no trap before. That it has slept on tells it from a thread that is about to stop in the middle of such a call.
 */
static void release_look_at_asked(struct tracee *tracee)
{
	const struct thread_look then = tracee->state->look;

	if (tracee->process->wishes.kills_on_exit)
		return;
	struct error *err = thread_look(tracee->process->pid, tracee->tid, &tracee->state->look);
	if (err == NULL && thread_waits_for_vfork(&tracee->state->look) &&
	    thread_has_slept_on(&then, &tracee->state->look))
		release_spare(tracee, &tracee->state->look);
	error_free(err);
}

/* What its transfer still has to move is waited for, but not for ever. */
static void release_look_at_transfer(struct tracee *tracee)
{
	int64_t now_ns = clock_now_ns();

	if (tracee->state->release.held_since_ns == 0)
		tracee->state->release.held_since_ns = now_ns;
	if (now_ns - tracee->state->release.held_since_ns < TRANSFER_NS)
		return;
	transfer_give_up(tracee);
	tracee->is_interrupted = true;
	error_free(ptrace_interrupt(tracee->tid));
}

size_t release_look_at_all(struct session *session, bool is_patient)
{
	size_t cursor = 0, count = 0;
	struct tracee *tracee;

	while ((tracee = addr_map_next(&session->target.tracees, &cursor)) != NULL) {
		const struct release_state *state = &tracee->state->release;
		if (tracee->transfer != NULL && !tracee->is_interrupted)
			release_look_at_transfer(tracee);
		else if (!state->is_clear && !state->is_held && tracee->is_interrupted)
			release_look_at_asked(tracee);
		else if (!state->is_clear && !state->is_held)
			release_look(tracee, is_patient);
		count += !state->is_clear && !state->is_held;
	}
	return count;
}

/* Interrupts @tracee, if it sleeps lightly. */
static bool release_ask(struct tracee *tracee)
{
	if (tracee->is_interrupted)
		return false;
	struct error *err = thread_look(tracee->process->pid, tracee->tid, &tracee->state->look);
	bool sleeps_lightly = err == NULL && thread_sleeps_lightly(&tracee->state->look);
	error_free(err);
	if (!sleeps_lightly)
		return false;
	tracee->state->release.is_clear = false; /* until its stop */
	tracee->is_interrupted = true;
	error_free(ptrace_interrupt(tracee->tid));
	return true;
}

static bool release_ask_one_of(const struct address_space *space)
{
	const struct process *process = space->processes;

	for (; process != NULL; process = process->next_in_space) {
		for (struct tracee *it = process->threads; it != NULL; it = it->next) {
			if (release_ask(it))
				return true;
		}
	}
	return false;
}

bool release_ask_sleepers(struct session *session)
{
	size_t cursor = 0;
	const struct process *process;
	bool is_asked = false;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		const struct address_space *space = process->space;
		bool is_first = space != NULL && space->processes == process; /* once a space */
		if (is_first && release_space_has_mappings(space) &&
		    release_space_is_clear(space, NULL))
			is_asked = release_ask_one_of(space) || is_asked;
	}
	return is_asked;
}
