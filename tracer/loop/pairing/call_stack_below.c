/* Calls that a look at the stack pointer proves over; see call_stack.h. Loop layer. */
#include "tracer/loop/pairing/call_stack.h"

void call_stack_pass(struct call_stack *stack, struct call *call, const struct call_event *now)
{
	if (call->is_passed)
		return;
	call->is_passed = true;
	call->passed = *now;
	stack->open_count--;
	if (call->lines != NULL) {
		const struct line_reading reading = call_event_reading(now);
		line_activation_pass(call->lines, &reading);
	}
}

/* The newest call of @probe with frame @cfa; NULL: there is none. */
static struct call *call_stack_find(struct call_stack *stack, const struct probe *probe,
				    taddr_t cfa, bool is_passed)
{
	for (size_t i = stack->count; i-- > 0;) {
		struct call *call = &stack->calls[i];
		if (call->is_passed == is_passed && call->probe == probe &&
		    taddr_equal(call->cfa, cfa))
			return call;
	}
	return NULL;
}

bool call_stack_resume(struct call_stack *stack, const struct probe *probe, taddr_t cfa)
{
	if (call_stack_find(stack, probe, cfa, false) != NULL)
		return true;
	struct call *call = call_stack_find(stack, probe, cfa, true);
	if (call == NULL)
		return false;
	/* And those that have led to it by tail calls; but what was thrown past in this frame was so before its entry. */
	for (size_t i = 0; &stack->calls[i] <= call; i++) {
		struct call *old = &stack->calls[i];
		bool leads_to_it = taddr_equal(old->cfa, cfa) &&
				   taddr_equal(old->return_address, call->return_address) &&
				   old->passed.time_ns > call->entry.time_ns;
		if (old->is_passed && (leads_to_it || old == call)) {
			old->is_passed = false;
			stack->open_count++;
		}
	}
	return true;
}

void call_stack_pass_below(struct call_stack *stack, taddr_t sp, const struct call_facts *facts,
			   const struct call_event *now)
{
	for (size_t i = stack->count; i-- > 0;) {
		if (stack->calls[i].cfa.value <= sp.value &&
		    facts->same_stack(facts->context, stack->calls[i].cfa, sp))
			call_stack_pass(stack, &stack->calls[i], now);
	}
}

/* Calls on other stacks are looked past, but not without end. */
enum { OLDER_LOOKED_AT_MAX = 256 };

/*
 * Whether the stack that @call is on was there before call @first: an older one is open on it, or it is the thread's first,
 * to which all others have been left.
 */
static bool call_stack_was_on(const struct call_stack *stack, size_t first, const struct call *call,
			      const struct call_facts *facts)
{
	size_t looked_at = 0;

	if (stack->first_cfa.value != 0 &&
	    facts->same_stack(facts->context, stack->first_cfa, call->cfa))
		return true;
	for (size_t i = first; i-- > 0 && looked_at < OLDER_LOOKED_AT_MAX; looked_at++) {
		if (!stack->calls[i].is_passed &&
		    facts->same_stack(facts->context, stack->calls[i].cfa, call->cfa))
			return true;
	}
	return false;
}

/*
 * Those that are on the stack that @call is on; and those on one that came to be on the way from there, as a signal's.
 * Not on one that was there before, to which a handler was left by a jump:
 *
 *   outer, inner        on the thread's stack
 *     handler           on that of signals, and jumps back to outer
 *   outer calls other   on the thread's stack
 *     handler           on that of signals again: other goes on
 */
void call_stack_pass_since(struct call_stack *stack, size_t first, int64_t until_ns,
			   const struct call *call, const struct call_facts *facts)
{
	for (size_t i = first; i < stack->count; i++) {
		struct call *later = &stack->calls[i];
		if (!later->is_passed && later->entry.time_ns < until_ns &&
		    taddr_equal(later->inner_stack, call->inner_stack) &&
		    (facts->same_stack(facts->context, later->cfa, call->cfa) ||
		     !call_stack_was_on(stack, first, later, facts)))
			call_stack_pass(stack, later, &call->entry);
	}
}

/* Frames are smaller, but for those that the program's own data make larger. */
static const uint64_t FRAME_BYTES_USUAL = 64 * 1024;

static bool call_may_hold(const struct call *call, taddr_t sp, const struct call_facts *facts)
{
	return call->cfa.value > sp.value && (call->cfa.value - sp.value < FRAME_BYTES_USUAL ||
					      facts->same_stack(facts->context, call->cfa, sp));
}

static struct call *call_stack_find_holding(struct call_stack *stack,
					    const struct line_account *account, taddr_t sp,
					    const struct call_facts *facts, bool is_passed)
{
	for (size_t i = stack->count; i-- > 0;) {
		struct call *call = &stack->calls[i];
		if (call->is_passed == is_passed && call->lines != NULL &&
		    line_activation_account(call->lines) == account &&
		    call_may_hold(call, sp, facts))
			return call;
	}
	return NULL;
}

/*
 * The thread runs in @call: what was entered since with a frame further down is over, and with it what a signal has led
 * to from there on a stack of its own.
 */
static void call_stack_pass_called(struct call_stack *stack, const struct call *call, taddr_t sp,
				   const struct call_facts *facts, const struct call_event *now)
{
	const struct call here = { .cfa = sp, .inner_stack = call->inner_stack, .entry = *now };
	size_t first = stack->count; /* of those that are over */

	for (size_t i = stack->count; &stack->calls[--i] != call;) {
		struct call *later = &stack->calls[i];
		if (!later->is_passed && !later->is_inlined && later->cfa.value <= sp.value &&
		    facts->same_stack(facts->context, later->cfa, sp)) {
			call_stack_pass(stack, later, now);
			first = i;
		}
	}
	call_stack_pass_since(stack, first, INT64_MAX, &here, facts);
}

struct call *call_stack_running(struct call_stack *stack, const struct line_account *account,
				taddr_t sp, const struct call_facts *facts,
				const struct call_event *now)
{
	struct call *call = call_stack_find_holding(stack, account, sp, facts, false);

	if (call == NULL)
		call = call_stack_find_holding(stack, account, sp, facts, true);
	if (call != NULL)
		call_stack_pass_called(stack, call, sp, facts, now);
	return call;
}
