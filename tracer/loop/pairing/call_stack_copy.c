/* Calls go to another stack, or their frames do; see call_stack.h. Loop layer. */
#include "tracer/loop/pairing/call_stack.h"

#include "tracer/base/array.h"

struct error *call_stack_move_others(struct call_stack *stack, struct call_stack *to, taddr_t sp,
				     const struct call_facts *facts)
{
	size_t kept = 0;

	struct error *err = array_reserve(&to->calls, &to->capacity, to->count + stack->count,
					  sizeof(*to->calls));
	if (err != NULL)
		return err;
	for (size_t i = 0; i < stack->count; i++) {
		const struct call call = stack->calls[i];
		if (facts->same_stack(facts->context, call.cfa, sp)) {
			stack->calls[kept++] = call;
			continue;
		}
		to->calls[to->count++] = call;
		to->open_count += !call.is_passed;
		stack->open_count -= !call.is_passed;
	}
	stack->count = kept;
	stack->noted_count = 0;
	return NULL;
}

static struct call call_fork(const struct call *of_parent, pid_t child_tid,
			     const struct call_event *now)
{
	struct call call = *of_parent;

	call.entry = *now;
	call.lines = NULL; /* which are the parent's */
	call.is_forked = true;
	call.tid = child_tid;
	call.is_noted = false;
	return call;
}

struct error *call_stack_fork(const struct call_stack *parent, pid_t child_tid,
			      const struct call_event *now, struct call_stack **ret)
{
	*ret = NULL;
	if (parent == NULL || parent->open_count + parent->marked_count == 0)
		return NULL;
	struct call_stack *child;
	struct error *err = call_stack_create(&child);
	if (err != NULL)
		return err;
	err = array_reserve(&child->calls, &child->capacity, parent->open_count,
			    sizeof(*child->calls));
	if (err == NULL)
		err = array_reserve(&child->marked, &child->marked_capacity, parent->marked_count,
				    sizeof(*child->marked));
	if (err != NULL) {
		call_stack_destroy(child);
		return err;
	}
	for (size_t i = 0; i < parent->count; i++) {
		if (!parent->calls[i].is_passed)
			child->calls[child->count++] = call_fork(&parent->calls[i], child_tid, now);
	}
	for (size_t i = 0; i < parent->marked_count; i++)
		child->marked[child->marked_count++] =
			call_fork(&parent->marked[i], child_tid, now);
	child->open_count = child->count;
	child->entered_count = parent->entered_count;
	child->first_cfa = parent->first_cfa;
	*ret = child;
	return NULL;
}

static void relocate(taddr_t *cfa, uint64_t low, uint64_t high, uint64_t distance)
{
	if (cfa->value > low && cfa->value <= high)
		cfa->value += distance;
}

void call_stack_relocate(struct call_stack *stack, uint64_t low, uint64_t high, uint64_t distance)
{
	for (size_t i = 0; i < stack->count; i++)
		relocate(&stack->calls[i].cfa, low, high, distance);
	relocate(&stack->first_cfa, low, high, distance);
}
