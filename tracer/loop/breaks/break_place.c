/* Where breaks are; see break_place.h. Loop layer. */
#include "tracer/loop/breaks/break_place.h"

#include "tracer/loop/pairing/call_stack.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/loop/state/thread_state.h"

bool break_place_is_limited(const struct break_settings *settings)
{
	return settings->in_first < settings->in_end;
}

static bool is_wanted(const struct break_settings *settings, const struct probe *probe)
{
	for (size_t i = 0; probe != NULL && i < probe->pattern_count; i++) {
		const size_t pattern = probe->patterns[i];
		if (pattern >= settings->in_first && pattern < settings->in_end)
			return true;
	}
	return false;
}

/* The newest open call of one of the functions on @tracee; NULL: none is open. */
static const struct call *newest_call(const struct break_settings *settings,
				      const struct tracee *tracee)
{
	const struct call_stack *stack = tracee->state->calls.stack;

	for (size_t i = stack == NULL ? 0 : stack->marked_count; i > 0; i--) {
		if (is_wanted(settings, stack->marked[i - 1].probe))
			return &stack->marked[i - 1];
	}
	for (size_t i = stack == NULL ? 0 : stack->count; i > 0; i--) {
		const struct call *call = &stack->calls[i - 1];
		if (!call->is_passed && is_wanted(settings, call->probe))
			return call;
	}
	return NULL;
}

/* Conditions that ask nothing of the memory are due at each entry. */
static unsigned entry_due(const struct break_settings *settings, const struct process *process)
{
	unsigned due = 0;

	for (size_t i = 0; i < settings->condition_count; i++) {
		if (settings->conditions[i].term_count == 0)
			due |= 1U << i;
	}
	return settings->every ? due : due & ~process->state->breaks.watch->done;
}

/* Whether @tracee is within one of the functions, or has just left one. What is due for its entry goes to *@due. */
static bool look_at_calls(struct session *session, struct tracee *tracee, struct site *site,
			  unsigned played, unsigned *due)
{
	static const char REFUSAL[] = "breaks are looked for there";
	const struct break_settings *settings = session->options->breaks;
	const struct call *call = newest_call(settings, tracee);
	bool is_left = (played & (SITE_RETURN | SITE_RET_INSN)) != 0 &&
		       is_wanted(settings, site->returns_of);
	bool is_entered = call != NULL && call->entry.time_ns == tracee->state->calls.last_event_ns;

	if (is_left || is_entered)
		site->heat.refusal = REFUSAL;
	if (call != NULL)
		call->probe->is_needed = true;
	if (is_entered)
		*due |= entry_due(settings, tracee->process);
	return is_left || call != NULL;
}

void break_place_hit(struct session *session, struct tracee *tracee, struct site *site,
		     unsigned played)
{
	const struct break_settings *settings = session->options->breaks;
	struct process_break_state *breaks = &tracee->process->state->breaks;
	unsigned due = 0;

	if (settings == NULL || breaks->watch == NULL)
		return;
	if (break_place_is_limited(settings) && !look_at_calls(session, tracee, site, played, &due))
		return;
	due |= breaks->due;
	/* Of a vfork child, its parent's memory is nobody's to be kept. */
	if (due == 0 || session->is_releasing || tracee->transfer != NULL ||
	    tracee->remote_call != NULL || tracee->process->shares_memory ||
	    tracee->process->is_unfollowed)
		return;
	breaks->due = 0;
	tracee->state->breaks.due = due;
	session->breaks.is_due = true;
}

bool break_place_keeps(const struct tracee *tracee)
{
	return tracee->state->breaks.due != 0;
}

struct tracee *break_place_thread(const struct break_settings *settings,
				  const struct process *process)
{
	struct tracee *found = NULL;

	for (struct tracee *it = process->threads; it != NULL; it = it->next) {
		bool is_there =
			!break_place_is_limited(settings) || newest_call(settings, it) != NULL;
		if (is_there && (found == NULL || it->tid == process->pid))
			found = it;
	}
	return found;
}
