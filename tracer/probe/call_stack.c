/* Pairs entries with returns on one thread; see call_stack.h. Probe layer. */
#include "tracer/probe/call_stack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

/* A thread that throws past ever more calls, each at a frame of its own, must not keep them all. */
enum { PASSED_CALLS_MAX = 256 };

struct error *call_stack_create(struct call_stack **ret)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret == NULL ? error_no_memory() : NULL;
}

void call_stack_destroy(struct call_stack *stack)
{
	if (stack == NULL)
		return;
	assert(stack->count == 0);
	free(stack->calls);
	free(stack);
}

/* Takes call @i out and reports its end. */
static void call_stack_end(struct call_stack *stack, size_t i, enum call_end how,
			   const struct call_event *now, const struct call_sink *sink)
{
	struct call call = stack->calls[i];

	stack->count--;
	stack->open_count -= !call.is_passed;
	stack->noted_count -= i < stack->noted_count;
	memmove(&stack->calls[i], &stack->calls[i + 1], (stack->count - i) * sizeof(call));
	sink->ended(sink->context, &call, how, now);
}

static void call_stack_end_unwound(struct call_stack *stack, size_t i, const struct call_event *now,
				   const struct call_sink *sink)
{
	const struct call *call = &stack->calls[i];
	struct call_event when = call->is_passed ? call->passed : *now;
	call_stack_end(stack, i, CALL_UNWOUND, &when, sink);
}

static void call_stack_pass(struct call_stack *stack, struct call *call,
			    const struct call_event *now, const struct call_sink *sink)
{
	if (call->is_passed)
		return;
	call->is_passed = true;
	call->passed = *now;
	stack->open_count--;
	if (stack->count - stack->open_count <= PASSED_CALLS_MAX)
		return;
	for (size_t i = 0; i < stack->count; i++) {
		if (stack->calls[i].is_passed) {
			call_stack_end_unwound(stack, i, now, sink);
			return;
		}
	}
}

static bool frame_equal(const struct call *call, taddr_t cfa, taddr_t return_address)
{
	return taddr_equal(call->cfa, cfa) && taddr_equal(call->return_address, return_address);
}

/*
 * A new frame at @cfa: what does it say of the calls that are there? False: the entry is no new
 * call.
 */
static bool call_stack_make_way(struct call_stack *stack, const struct probe *probe, taddr_t cfa,
				taddr_t return_address, bool reenters, const struct call_event *now,
				const struct call_sink *sink)
{
	bool is_newest_of_frame = true;

	for (size_t i = stack->count; i-- > 0;) {
		struct call *call = &stack->calls[i];
		if (call->cfa.value > cfa.value) {
			/* The usual case: an outer frame on the same stack. */
			if (!call->is_passed)
				break;
			continue;
		}
		if (call->cfa.value < cfa.value) {
			/* Deeper than the new frame: dead, or on another stack. */
			call_stack_pass(stack, call, now, sink);
			continue;
		}
		if (!frame_equal(call, cfa, return_address)) {
			/* Its return address has been written over. */
			call_stack_end_unwound(stack, i, now, sink);
			continue;
		}
		if (call->probe != probe) {
			/* A tail call: `call` has jumped on, and both end at one return. */
			is_newest_of_frame = false;
			continue;
		}
		if (is_newest_of_frame && reenters && !call->is_passed)
			return false;
		/* Either thrown past and called again from the same place, or come round to by tail
		 * calls through others, which ended it as a return does. */
		if (is_newest_of_frame)
			call_stack_end_unwound(stack, i, now, sink);
		else
			call_stack_end(stack, i, CALL_RETURNED, now, sink);
	}
	return true;
}

struct error *call_stack_enter(struct call_stack *stack, struct probe *probe, taddr_t cfa,
			       taddr_t return_address, bool reenters, const struct call_event *now,
			       const struct call_sink *sink, bool *ret_is_new)
{
	*ret_is_new = call_stack_make_way(stack, probe, cfa, return_address, reenters, now, sink);
	if (!*ret_is_new)
		return NULL;
	struct error *err = array_reserve(&stack->calls, &stack->capacity, stack->count + 1,
					  sizeof(*stack->calls));
	if (err != NULL)
		return err;
	stack->calls[stack->count++] = (struct call){
		.probe = probe,
		.cfa = cfa,
		.return_address = return_address,
		.entry = *now,
		.level = (unsigned)stack->open_count,
	};
	stack->open_count++;
	return NULL;
}

bool call_stack_has(const struct call_stack *stack, const struct probe *probe, taddr_t cfa)
{
	for (size_t i = stack->count; i-- > 0;) {
		if (stack->calls[i].probe == probe && taddr_equal(stack->calls[i].cfa, cfa))
			return true;
	}
	return false;
}

/* Ends the calls of one frame, from call @newest on, and passes what was called deeper since. */
static void call_stack_end_frame(struct call_stack *stack, size_t newest, const struct call_event *now,
				 const struct call_sink *sink)
{
	const taddr_t cfa = stack->calls[newest].cfa;
	const taddr_t return_address = stack->calls[newest].return_address;
	size_t later = newest + 1; /* where the calls begin that were entered after them */

	for (size_t i = newest + 1; i-- > 0;) {
		if (frame_equal(&stack->calls[i], cfa, return_address)) {
			call_stack_end(stack, i, CALL_RETURNED, now, sink);
			later--;
		} else if (!stack->calls[i].is_passed) {
			break;
		}
	}
	for (size_t i = stack->count; i-- > later;) {
		if (i < stack->count && stack->calls[i].cfa.value < cfa.value)
			call_stack_pass(stack, &stack->calls[i], now, sink);
	}
}

bool call_stack_return(struct call_stack *stack, taddr_t pc, taddr_t sp,
		       const struct call_event *now, const struct call_sink *sink)
{
	/* `ret n` also pops n bytes of arguments; no ABI of ours does, assembly may. */
	enum { POPPED_BYTES_MAX = 128 };

	for (size_t i = stack->count; i-- > 0;) {
		if (frame_equal(&stack->calls[i], sp, pc)) {
			call_stack_end_frame(stack, i, now, sink);
			return true;
		}
	}
	if (stack->count == 0)
		return false;
	const struct call *top = &stack->calls[stack->count - 1];
	uint64_t popped_bytes = sp.value - top->cfa.value;
	if (!taddr_equal(top->return_address, pc) || top->is_passed || popped_bytes > POPPED_BYTES_MAX)
		return false;
	call_stack_end_frame(stack, stack->count - 1, now, sink);
	return true;
}

bool call_stack_return_frame(struct call_stack *stack, taddr_t cfa, const struct call_event *now,
			     const struct call_sink *sink)
{
	for (size_t i = stack->count; i-- > 0;) {
		if (taddr_equal(stack->calls[i].cfa, cfa)) {
			call_stack_end_frame(stack, i, now, sink);
			return true;
		}
	}
	return false;
}

void call_stack_end_all(struct call_stack *stack, enum call_end how, const struct call_event *now,
			const struct call_sink *sink)
{
	while (stack->count > 0) {
		size_t last = stack->count - 1;
		if (stack->calls[last].is_passed)
			call_stack_end_unwound(stack, last, now, sink);
		else
			call_stack_end(stack, last, how, now, sink);
	}
}

struct error *call_stack_fork(const struct call_stack *parent, const struct call_event *now,
			      struct call_stack **ret)
{
	*ret = NULL;
	if (parent == NULL || parent->open_count == 0)
		return NULL;
	struct call_stack *child;
	struct error *err = call_stack_create(&child);
	if (err != NULL)
		return err;
	err = array_reserve(&child->calls, &child->capacity, parent->open_count,
			    sizeof(*child->calls));
	if (err != NULL) {
		call_stack_destroy(child);
		return err;
	}
	for (size_t i = 0; i < parent->count; i++) {
		if (parent->calls[i].is_passed)
			continue;
		struct call *call = &child->calls[child->count++];
		*call = parent->calls[i];
		call->entry = *now;
		call->is_forked = true;
		call->is_noted = false;
	}
	child->open_count = child->count;
	*ret = child;
	return NULL;
}
