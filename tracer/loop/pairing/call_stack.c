/* Pairs entries with returns on one thread; see call_stack.h. Loop layer. */
#include "tracer/loop/pairing/call_stack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

/* Frames of other stacks are looked past, but not without end. */
enum { LOOKED_AT_MAX = 256 };

/* One that throws past ever more calls must not keep all. But those of fibers in one mapping may be thousands. */
enum { PASSED_CALLS_MAX = 4096, PASSED_CALLS_KEPT = PASSED_CALLS_MAX / 2 };

struct error *call_stack_create(struct call_stack **ret)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret == NULL ? error_no_memory() : NULL;
}

void call_stack_destroy(struct call_stack *stack)
{
	if (stack == NULL)
		return;
	assert(call_stack_is_empty(stack));
	free(stack->calls);
	free(stack->marked);
	free(stack);
}

bool call_stack_is_empty(const struct call_stack *stack)
{
	return stack->count == 0 && stack->marked_count == 0;
}

/* Takes call @i out and reports its end. */
static void call_stack_end(struct call_stack *stack, size_t i, enum call_end how,
			   const struct call_event *now, const struct call_sink *sink)
{
	struct call call = stack->calls[i];
	struct call_event end = *now;

	/* A fiber may have gone to another thread, whose times are reckoned apart. */
	if (end.time_ns < call.entry.time_ns)
		end.time_ns = call.entry.time_ns;
	stack->count--;
	stack->open_count -= !call.is_passed;
	stack->noted_count -= i < stack->noted_count;
	memmove(&stack->calls[i], &stack->calls[i + 1], (stack->count - i) * sizeof(call));
	sink->ended(sink->context, &call, how, &end);
}

static void call_stack_end_unwound(struct call_stack *stack, size_t i, const struct call_event *now,
				   const struct call_sink *sink)
{
	const struct call *call = &stack->calls[i];
	struct call_event when = call->is_passed ? call->passed : *now;
	call_stack_end(stack, i, CALL_UNWOUND, &when, sink);
}

/*
 * What was entered after a frame that is over is over, too, or on another stack: from call @first
 * on.
 */
static void call_stack_pass_later(struct call_stack *stack, size_t first,
				  const struct call_event *now)
{
	for (size_t i = first; i < stack->count; i++)
		call_stack_pass(stack, &stack->calls[i], now);
}

/* Ends the oldest passed calls when there are too many: half of them at once, for all move up. */
static void call_stack_trim(struct call_stack *stack, const struct call_sink *sink)
{
	size_t passed_count = stack->count - stack->open_count;
	size_t kept = 0;

	if (passed_count <= PASSED_CALLS_MAX)
		return;
	for (size_t i = 0; i < stack->count; i++) {
		const struct call call = stack->calls[i];
		if (call.is_passed && passed_count > PASSED_CALLS_KEPT) {
			passed_count--;
			sink->ended(sink->context, &call, CALL_UNWOUND, &call.passed);
		} else
			stack->calls[kept++] = call;
	}
	stack->count = kept;
	stack->noted_count = 0; /* each knows itself */
}

static bool frame_equal(const struct call *call, taddr_t cfa, taddr_t return_address)
{
	return taddr_equal(call->cfa, cfa) && taddr_equal(call->return_address, return_address);
}

/*
 * @call's frame is that of older calls, the newest of which is number @newest: it was tail-called by
 * them, or they were thrown past and it was called from the same place. False: it is the newest of
 * them itself, which has branched to its own first instruction.
 */
static bool call_stack_share_frame(struct call_stack *stack, size_t newest, const struct call *call,
				   const struct call_facts *facts, const struct call_sink *sink)
{
	const struct call *last = &stack->calls[newest];
	const int64_t passed_ns = call_passed_ns(last);
	bool is_same = taddr_equal(last->function, call->function);

	if (is_same && !last->is_passed && facts->reenters(facts->context, call->function))
		return false;
	bool is_tail_call =
		!last->is_passed && facts->may_tail_call(facts->context, last->function);
	size_t first_over = is_tail_call ? stack->count : 0;
	for (size_t i = 0; is_tail_call && i <= newest; i++) {
		/*
		 * Come round by tail calls: what was entered here since has ended, as by a return. Not what was thrown
		 * past before this frame was used again.
		 */
		if (!stack->calls[i].is_passed &&
		    frame_equal(&stack->calls[i], call->cfa, call->return_address) &&
		    taddr_equal(stack->calls[i].function, call->function)) {
			first_over = i;
			break;
		}
	}
	size_t later = newest + 1; /* where the calls begin that were entered after them */
	for (size_t i = newest + 1; i-- > first_over;) {
		if (!frame_equal(&stack->calls[i], call->cfa, call->return_address))
			continue;
		if (is_tail_call && !stack->calls[i].is_passed)
			call_stack_end(stack, i, CALL_RETURNED, &call->entry, sink);
		else
			call_stack_end_unwound(stack, i, &call->entry, sink);
		later--;
	}
	if (later <= newest)
		call_stack_pass_since(stack, later, passed_ns, call, facts);
	return true;
}

/*
 * The stack that @call is on. Call @i speaks against its being the same for all: it is open, and its frame below.
 * An inner stack lies below the frames of the first one that have led to it.
 */
static taddr_t call_stack_ask(const struct call_stack *stack, size_t i, const struct call *call,
			      const struct call_facts *facts)
{
	taddr_t outer = taddr(0);

	while (i-- > 0 && outer.value == 0) {
		const struct call *old = &stack->calls[i];
		if (!old->is_passed && old->inner_stack.value == 0 &&
		    old->cfa.value > call->cfa.value &&
		    facts->same_stack(facts->context, old->cfa, call->cfa))
			outer = old->cfa;
	}
	return facts->inner_stack(facts->context, call->tid, call->cfa, outer);
}

/*
 * A new frame: what does it say of the calls that are there? False: the entry is no new call. Notes which
 * stack @call is on.
 */
static bool call_stack_make_way(struct call_stack *stack, struct call *call,
				const struct call_facts *facts, const struct call_sink *sink)
{
	size_t looked_at = 0;
	bool is_asked = false;

	for (size_t i = stack->count; i-- > 0 && looked_at < LOOKED_AT_MAX; looked_at++) {
		const struct call *old = &stack->calls[i];
		bool is_same_frame = frame_equal(old, call->cfa, call->return_address);
		if (is_same_frame && !is_asked)
			call->inner_stack = old->inner_stack;
		if (is_same_frame && call->is_inlined)
			return true;
		const int64_t passed_ns = call_passed_ns(old);
		if (is_same_frame && old->is_inlined) { /* the function around it is over */
			call_stack_end_unwound(stack, i, &call->entry, sink);
			call_stack_pass_since(stack, i, passed_ns, call, facts);
			continue;
		}
		if (is_same_frame)
			return call_stack_share_frame(stack, i, call, facts, sink);
		if (!facts->same_stack(facts->context, old->cfa, call->cfa))
			continue;
		if (old->cfa.value > call->cfa.value) {
			if (old->is_passed)
				continue;
			if (!is_asked) /* the usual case: an outer frame */
				call->inner_stack = old->inner_stack;
			break;
		}
		if (!is_asked && !old->is_passed) {
			is_asked = true;
			call->inner_stack = call_stack_ask(stack, i, call, facts);
		}
		if (taddr_equal(old->cfa, call->cfa)) /* its return address is written over */
			call_stack_end_unwound(stack, i, &call->entry, sink);
		call_stack_pass_since(stack, i, passed_ns, call, facts);
	}
	return true;
}

static struct error *call_stack_push(struct call_stack *stack, const struct call *call,
				     const struct call_sink *sink)
{
	struct error *err = array_reserve(&stack->calls, &stack->capacity, stack->count + 1,
					  sizeof(*stack->calls));
	if (err != NULL)
		return err;
	struct call *top = &stack->calls[stack->count];
	*top = *call;
	top->level = call_stack_free_level(stack);
	top->number = stack->entered_count++;
	if (stack->first_cfa.value == 0)
		stack->first_cfa = call->cfa;
	stack->count++;
	stack->open_count++;
	call_stack_trim(stack, sink);
	return NULL;
}

struct error *call_stack_enter(struct call_stack *stack, const struct call *call,
			       const struct call_facts *facts, const struct call_sink *sink,
			       bool *ret_is_new)
{
	struct call entered = *call;

	*ret_is_new = call_stack_make_way(stack, &entered, facts, sink);
	return *ret_is_new ? call_stack_push(stack, &entered, sink) : NULL;
}

/*
 * What was entered after an inlined call that is over, too; but compilers mix the code of several that have
 * one caller, so that none of these ends with another.
 */
static void call_stack_pass_callees(struct call_stack *stack, size_t first, taddr_t cfa,
				    const struct call_event *now)
{
	for (size_t i = first; i < stack->count; i++) {
		struct call *call = &stack->calls[i];
		if (!call->is_inlined || !taddr_equal(call->cfa, cfa))
			call_stack_pass(stack, call, now);
	}
}

/* The newest inlined call that begins at @function in frame @cfa; false: none is open. */
static bool call_stack_find_inlined(const struct call_stack *stack, taddr_t function, taddr_t cfa,
				    size_t *ret)
{
	for (size_t i = stack->count; i-- > 0;) {
		const struct call *call = &stack->calls[i];
		*ret = i;
		if (call->is_inlined && taddr_equal(call->function, function) &&
		    taddr_equal(call->cfa, cfa))
			return !call->is_passed;
	}
	return false;
}

struct error *call_stack_enter_inlined(struct call_stack *stack, const struct call *call,
				       bool may_come_back, const struct call_facts *facts,
				       const struct call_sink *sink, bool *ret_is_new)
{
	struct call entered = *call;
	size_t open;
	bool is_open = call_stack_find_inlined(stack, call->function, call->cfa, &open);

	*ret_is_new = !is_open || !may_come_back ||
		      !taddr_equal(stack->calls[open].return_address, call->return_address);
	if (!*ret_is_new)
		return NULL;
	if (is_open) { /* it was left unseen: thrown past, or through a table of jumps */
		call_stack_end_unwound(stack, open, &call->entry, sink);
		call_stack_pass_callees(stack, open, call->cfa, &call->entry);
	}
	(void)call_stack_make_way(stack, &entered, facts, sink);
	return call_stack_push(stack, &entered, sink);
}

void call_stack_leave_inlined(struct call_stack *stack, taddr_t function, taddr_t cfa,
			      const struct call_event *now, const struct call_sink *sink)
{
	size_t open;

	if (!call_stack_find_inlined(stack, function, cfa, &open))
		return;
	call_stack_end(stack, open, CALL_RETURNED, now, sink);
	call_stack_pass_callees(stack, open, cfa, now);
}

/*
 * Ends the calls of one frame, from call @newest on, and passes what was called deeper since. Passed ones further down
 * had their frame written over by then: a thread that a signal leads to where they would return has returned already.
 */
static void call_stack_end_frame(struct call_stack *stack, size_t newest,
				 const struct call_event *now, const struct call_sink *sink)
{
	const taddr_t cfa = stack->calls[newest].cfa;
	const taddr_t return_address = stack->calls[newest].return_address;
	const bool was_passed = stack->calls[newest].is_passed;
	size_t later = newest + 1; /* where the calls begin that were entered after them */
	size_t looked_at = 0;
	bool is_below = false; /* below an open call of another frame */

	for (size_t i = newest + 1; i-- > 0;) {
		bool is_passed = stack->calls[i].is_passed;
		if (!frame_equal(&stack->calls[i], cfa, return_address)) {
			if (++looked_at > LOOKED_AT_MAX)
				break;
			is_below |= !is_passed;
			if (is_below && (was_passed || stack->count == stack->open_count))
				break;
			continue;
		}
		if (is_below && !is_passed)
			break;
		/* A passed one under an open one was thrown past, and its frame used again. */
		if (is_passed && !was_passed)
			call_stack_end_unwound(stack, i, now, sink);
		else
			call_stack_end(stack, i, CALL_RETURNED, now, sink);
		later--;
	}
	call_stack_pass_later(stack, later, now);
	call_stack_trim(stack, sink);
}

bool call_stack_return(struct call_stack *stack, taddr_t pc, taddr_t sp,
		       const struct call_facts *facts, const struct call_event *now,
		       const struct call_sink *sink)
{
	for (size_t i = stack->count; i-- > 0;) {
		if (frame_equal(&stack->calls[i], sp, pc)) {
			call_stack_end_frame(stack, i, now, sink);
			return true;
		}
	}
	if (stack->count == 0)
		return false;
	/* `ret n` also pops n bytes of arguments; no ABI of ours does, assembly may. */
	const struct call *top = &stack->calls[stack->count - 1];
	uint64_t popped_bytes = sp.value - top->cfa.value;
	if (!taddr_equal(top->return_address, pc) || top->is_passed || top->is_inlined ||
	    popped_bytes > UINT16_MAX ||
	    facts->popped_bytes(facts->context, top->function) != popped_bytes)
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
	while (!call_stack_is_empty(stack)) {
		size_t last = stack->count - 1;
		const struct call *marked = call_stack_newest_marked(stack);
		if (marked != NULL)
			call_stack_leave_marked(stack, marked->probe, marked->mark_id, how, now,
						sink);
		else if (stack->calls[last].is_passed)
			call_stack_end_unwound(stack, last, now, sink);
		else
			call_stack_end(stack, last, how, now, sink);
	}
}
