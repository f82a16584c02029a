/* Whether calls are open; see calls.h. Loop layer. */
#include "tracer/loop/calls/calls.h"

#include "tracer/loop/calls/goroutines.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/loop/state/thread_state.h"

/* What is asked of each call: one of the two. */
struct wanted {
	taddr_t return_address;
	const struct probe *probe; /* NULL: whoever's */
};

static bool is_wanted(const struct call *call, const struct wanted *wanted)
{
	return wanted->probe != NULL ? call->probe == wanted->probe
				     : taddr_equal(call->return_address, wanted->return_address);
}

static bool stack_has(const struct call_stack *stack, const struct wanted *wanted)
{
	if (stack == NULL)
		return false;
	for (size_t i = 0; i < stack->count; i++) {
		if (is_wanted(&stack->calls[i], wanted))
			return true;
	}
	for (size_t i = 0; i < stack->marked_count && wanted->probe != NULL; i++) {
		if (stack->marked[i].probe == wanted->probe)
			return true;
	}
	return false;
}

static bool process_has(const struct process *process, const struct wanted *wanted)
{
	const struct call_stack *stack;
	size_t cursor = 0;

	for (const struct tracee *it = process->threads; it != NULL; it = it->next) {
		if (stack_has(it->state->calls.stack, wanted))
			return true;
	}
	while ((stack = goroutine_calls_next(process, &cursor)) != NULL) {
		if (stack_has(stack, wanted))
			return true;
	}
	return stack_has(process->state->calls.orphans, wanted);
}

static bool space_has(const struct address_space *space, const struct wanted *wanted)
{
	for (const struct process *it = space->processes; it != NULL; it = it->next_in_space) {
		if (process_has(it, wanted))
			return true;
	}
	return false;
}

bool calls_await_return(const struct address_space *space, taddr_t behind)
{
	return space_has(space, &(struct wanted){ .return_address = behind });
}

bool calls_are_open(const struct address_space *space, const struct probe *probe)
{
	return space_has(space, &(struct wanted){ .probe = probe });
}
