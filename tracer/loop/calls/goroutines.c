/* The calls of Go programs; see goroutines.h. Loop layer. */
#include "tracer/loop/calls/goroutines.h"

#include <stdlib.h>

#include "tracer/loop/state/process_state.h"

struct goroutine {
	struct call_stack *calls;
	struct goroutine_stack
		copied; /* where its stack was when the copy began; 0: none is made */
};

static struct goroutine *goroutine_of(const struct process *process, taddr_t goroutine)
{
	return addr_map_get(&process->state->calls.goroutines, goroutine.value);
}

static struct error *goroutine_make(const struct process *process, taddr_t address,
				    struct call_stack **ret)
{
	struct goroutine *made = calloc(1, sizeof(*made));

	if (made == NULL)
		return error_no_memory();
	struct error *err = call_stack_create(&made->calls);
	if (err == NULL)
		err = addr_map_put(&process->state->calls.goroutines, address.value, made);
	if (err != NULL) {
		call_stack_destroy(made->calls);
		free(made);
		return err;
	}
	*ret = made->calls;
	return NULL;
}

struct error *goroutine_calls(const struct process *process, taddr_t goroutine, bool makes,
			      struct call_stack **ret)
{
	*ret = NULL;
	if (goroutine.value == 0)
		return NULL;
	const struct goroutine *known = goroutine_of(process, goroutine);
	if (known == NULL)
		return makes ? goroutine_make(process, goroutine, ret) : NULL;
	*ret = known->calls;
	return NULL;
}

struct call_stack *goroutine_calls_next(const struct process *process, size_t *cursor)
{
	const struct goroutine *next = addr_map_next(&process->state->calls.goroutines, cursor);
	return next == NULL ? NULL : next->calls;
}

void goroutines_forget(struct process *process)
{
	size_t cursor = 0;
	struct goroutine *goroutine;

	while ((goroutine = addr_map_next(&process->state->calls.goroutines, &cursor)) != NULL) {
		call_stack_destroy(goroutine->calls);
		free(goroutine);
	}
	addr_map_deinit(&process->state->calls.goroutines);
	met_again_deinit(&process->state->calls.met_again);
}

bool goroutine_copy_begins(const struct process *process, taddr_t goroutine,
			   const struct goroutine_stack *stack)
{
	struct goroutine *copied = goroutine_of(process, goroutine);

	if (copied != NULL)
		copied->copied = *stack;
	return copied != NULL;
}

void goroutine_copy_ends(const struct process *process, taddr_t goroutine,
			 const struct goroutine_stack *stack)
{
	struct goroutine *copied = goroutine_of(process, goroutine);

	if (copied == NULL || copied->copied.high == 0)
		return;
	const struct goroutine_stack from = copied->copied;
	copied->copied = (struct goroutine_stack){ 0 };
	/* Frames keep their distance to the stack's upper end. */
	const uint64_t distance = stack->high - from.high;
	call_stack_relocate(copied->calls, from.low, from.high, distance);
	met_again_relocate(&process->state->calls.met_again, goroutine, from.low, from.high,
			   distance);
}

struct error *goroutine_will_meet(const struct process *process, const struct met_again *met)
{
	return met_again_add(&process->state->calls.met_again, met);
}

bool goroutines_may_meet(const struct process *process)
{
	return process->state->calls.met_again.count > 0;
}

bool goroutine_meets(const struct process *process, taddr_t goroutine, taddr_t site, taddr_t cfa)
{
	return met_again_take(&process->state->calls.met_again, goroutine, site, cfa);
}
