/* Readings are held against conditions; see break_reading.h. Loop layer. */
#include "tracer/loop/memory/break_reading.h"

#include <stdlib.h>

#include "tracer/base/clock.h"
#include "tracer/loop/state/process_state.h"

struct error *break_reading_begin(struct session *session, struct process *process)
{
	struct process_break_state *breaks = &process->state->breaks;

	if (session->options->breaks == NULL || breaks->watch != NULL)
		return NULL;
	breaks->watch = calloc(1, sizeof(*breaks->watch));
	if (breaks->watch == NULL)
		return error_no_memory();
	breaks->settings = session->options->breaks;
	breaks->shared = &session->breaks;
	return NULL;
}

void break_reading_note(const struct process *process, uint64_t bytes)
{
	struct process_break_state *breaks = &process->state->breaks;
	const struct break_settings *settings = breaks->settings;

	if (breaks->watch == NULL)
		return;
	const unsigned due =
		break_watch_read(breaks->watch, settings->conditions, settings->condition_count,
				 settings->every, clock_now_ns(), bytes, &breaks->shared->highest);
	if (breaks->due == 0)
		breaks->bytes = bytes;
	breaks->due |= due;
	if (breaks->due != 0)
		breaks->shared->is_due = true;
}
