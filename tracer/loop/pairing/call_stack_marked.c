/* Calls that are told by marks, in a list beside those with frames; see call_stack.h. Loop layer. */
#include "tracer/loop/pairing/call_stack.h"

#include <string.h>

#include "tracer/base/array.h"

const struct call *call_stack_newest_marked(const struct call_stack *stack)
{
	if (stack->marked_count == 0)
		return NULL;
	const struct call *marked = &stack->marked[stack->marked_count - 1];
	bool is_newest =
		stack->count == 0 || stack->calls[stack->count - 1].number < marked->number;
	return is_newest ? marked : NULL;
}

static bool call_stack_has_level(const struct call_stack *stack, unsigned level)
{
	for (size_t i = 0; i < stack->marked_count; i++) {
		if (stack->marked[i].level == level)
			return true;
	}
	for (size_t i = 0; i < stack->count; i++) {
		if (!stack->calls[i].is_passed && stack->calls[i].level == level)
			return true;
	}
	return false;
}

/* Frames nest, so that the number of open calls is the lowest free level; marked calls need not. */
unsigned call_stack_free_level(const struct call_stack *stack)
{
	const size_t open_count = stack->open_count + stack->marked_count;
	unsigned level = 0;

	if (stack->marked_count == 0)
		return (unsigned)open_count;
	const struct call *newest = call_stack_newest_marked(stack);
	if (newest == NULL)
		newest = &stack->calls[stack->count - 1];
	if (stack->open_count == stack->count && newest->level + 1 == open_count) /* they nest */
		return (unsigned)open_count;
	while (call_stack_has_level(stack, level))
		level++;
	return level;
}

struct error *call_stack_enter_marked(struct call_stack *stack, const struct call *call)
{
	struct error *err = array_reserve(&stack->marked, &stack->marked_capacity,
					  stack->marked_count + 1, sizeof(*stack->marked));
	if (err != NULL)
		return err;
	struct call *top = &stack->marked[stack->marked_count];
	*top = *call;
	top->level = call_stack_free_level(stack);
	top->number = stack->entered_count++;
	stack->marked_count++;
	return NULL;
}

struct call *call_stack_marked(struct call_stack *stack, const struct probe *probe,
			       uint64_t mark_id)
{
	for (size_t i = stack == NULL ? 0 : stack->marked_count; i-- > 0;) {
		struct call *call = &stack->marked[i];
		if (call->probe == probe && call->mark_id == mark_id)
			return call;
	}
	return NULL;
}

bool call_stack_leave_marked(struct call_stack *stack, const struct probe *probe, uint64_t mark_id,
			     enum call_end how, const struct call_event *now,
			     const struct call_sink *sink)
{
	const struct call *found = call_stack_marked(stack, probe, mark_id);

	if (found == NULL)
		return false;
	const struct call call = *found;
	const size_t i = (size_t)(found - stack->marked);
	stack->marked_count--;
	memmove(&stack->marked[i], &stack->marked[i + 1], (stack->marked_count - i) * sizeof(call));
	sink->ended(sink->context, &call, how, now);
	return true;
}
