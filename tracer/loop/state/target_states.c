/* States of threads and processes; see target_states.h. Loop layer. */
#include "tracer/loop/state/target_states.h"

#include <stdlib.h>

#include "tracer/loop/state/process_state.h"
#include "tracer/loop/state/thread_state.h"

static void thread_state_deinit(struct thread_state *state)
{
	met_again_deinit(&state->hit.met_again);
	free(state->hit.step_out);
}

static void process_state_deinit(struct process_state *state)
{
	met_again_deinit(&state->calls.met_again);
	addr_map_deinit(&state->calls.goroutines);
	free(state->stacks.growers);
	part_slots_deinit(&state->memory.parts.counters);
	part_slots_deinit(&state->memory.parts.maps);
	free(state->breaks.watch);
}

const struct target_states loop_target_states = {
	.thread_bytes = sizeof(struct thread_state),
	.thread_deinit = thread_state_deinit,
	.process_bytes = sizeof(struct process_state),
	.process_deinit = process_state_deinit,
};
