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

void call_stack_pass_below(struct call_stack *stack, taddr_t sp, const struct call_facts *facts,
			   const struct call_event *now)
{
	for (size_t i = stack->count; i-- > 0;) {
		if (stack->calls[i].cfa.value <= sp.value &&
		    facts->same_stack(facts->context, stack->calls[i].cfa, sp))
			call_stack_pass(stack, &stack->calls[i], now);
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

struct call *call_stack_running(struct call_stack *stack, const struct line_account *account,
				taddr_t sp, const struct call_facts *facts,
				const struct call_event *now)
{
	struct call *call = call_stack_find_holding(stack, account, sp, facts, false);

	if (call == NULL)
		call = call_stack_find_holding(stack, account, sp, facts, true);
	for (size_t i = stack->count; call != NULL && &stack->calls[--i] != call;) {
		struct call *later = &stack->calls[i];
		if (!later->is_passed && !later->is_inlined && later->cfa.value <= sp.value &&
		    facts->same_stack(facts->context, later->cfa, sp))
			call_stack_pass(stack, later, now);
	}
	return call;
}
