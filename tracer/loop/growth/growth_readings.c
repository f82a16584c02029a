/* Growth by readings of memory; see growth_readings.h. Loop layer. */
#include "tracer/loop/growth/growth_readings.h"

#include "tracer/base/log.h"
#include "tracer/loop/growth/growth_private.h"
#include "tracer/loop/stacks/stacks.h"
#include "tracer/loop/state/process_state.h"

static const char NO_CALL[] = "[in no recorded call]";

/* What is read for a call is not exact to the page: see sample/memory_usage.h. */
static const uint64_t STEP_BYTES = 64 * 1024;

static uint64_t step_bytes(const struct session *session)
{
	const uint64_t wanted_bytes = session->options->stacks.step_bytes;

	return wanted_bytes > 0 ? wanted_bytes : STEP_BYTES;
}

bool growth_readings_are_due(const struct session *session, struct process *process, uint64_t bytes)
{
	struct process_growth_state *state = &process->state->growth;

	if (session->growth == NULL || !session->growth->is_read || bytes == 0)
		return false;
	if (bytes < state->read_bytes) /* what was given back grows again */
		state->read_bytes = bytes;
	return bytes - state->read_bytes >= step_bytes(session);
}

void growth_readings_charge(struct session *session, struct process *process, uint64_t bytes,
			    const char *const *names, size_t count)
{
	struct process_growth_state *state = &process->state->growth;
	struct growth *growth = session->growth;
	const uint64_t pages = (bytes - state->read_bytes) / growth->pages.page_bytes;
	struct error *err = NULL;
	uint32_t node = 0;
	size_t index;

	state->read_bytes = bytes;
	for (size_t i = 0; err == NULL && i < count; i++)
		err = stacks_call(session, node, names[i], &node);
	if (err == NULL && count == 0)
		err = stacks_call(session, 0, NO_CALL, &node);
	if (err == NULL)
		err = growth_sums_find(&growth->named, process->pid, node, &index);
	if (err == NULL)
		growth_sum_add(&growth->named.all[index], pages, growth->pages.page_bytes);
	if (err != NULL)
		log_debug("growth of process %d is not charged: %s", process->pid,
			  error_message(err));
	error_free(err);
}
