/* Calls that are watched for our own sake; see internal_calls.h. Loop layer. */
#include "tracer/loop/calls/internal_calls.h"

#include "tracer/loop/calls/calls_private.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/probe/image.h"
#include "tracer/loop/state/process_state.h"

/* Nothing of them is recorded: no time is taken. */
static const struct call_event no_time;

/* Keeps the call that has returned, where that is asked for. */
static void keep_ended(void *context, const struct call *call, enum call_end how,
		       const struct call_event *end)
{
	struct call *ret = context;

	(void)end;
	if (ret != NULL && how == CALL_RETURNED)
		*ret = *call;
}

static bool has_no_such_jump(void *context, taddr_t function)
{
	(void)context, (void)function;
	return false;
}

static uint64_t pops_nothing(void *context, taddr_t function)
{
	(void)context, (void)function;
	return 0;
}

/* What is special of a function's code is looked for in probed ones only. */
static struct call_facts internal_facts(struct process *process)
{
	struct call_facts facts = calls_facts(process);

	facts.reenters = has_no_such_jump;
	facts.may_tail_call = has_no_such_jump;
	facts.popped_bytes = pops_nothing;
	return facts;
}

struct error *internal_calls_enter(struct tracee *tracee, const struct site_event *event,
				   taddr_t object)
{
	const struct call_facts facts = internal_facts(tracee->process);
	const struct call_sink sink = { keep_ended, NULL };
	struct call_stack **stack = &tracee->state->calls.internal;
	const struct call call = {
		.function = event->site->address,
		.tid = tracee->tid,
		.cfa = event->cfa,
		.return_address = event->return_address,
		.object = object,
	};
	bool is_new;

	struct error *err = *stack == NULL ? call_stack_create(stack) : NULL;
	return err != NULL ? err : call_stack_enter(*stack, &call, &facts, &sink, &is_new);
}

bool internal_calls_return(struct tracee *tracee, const struct site_event *event, struct call *ret)
{
	const struct call_facts facts = internal_facts(tracee->process);
	const struct call_sink sink = { keep_ended, ret };
	struct call_stack *stack = tracee->state->calls.internal;

	return stack != NULL &&
	       call_stack_return(stack, event->site->address, event->sp, &facts, &no_time, &sink);
}

struct error *internal_calls_fork(struct tracee *child, const struct tracee *parent)
{
	return call_stack_fork(parent->state->calls.internal, child->tid, &no_time,
			       &child->state->calls.internal);
}

void internal_calls_end(struct tracee *tracee)
{
	const struct call_sink sink = { keep_ended, NULL };

	if (tracee->state->calls.internal == NULL)
		return;
	call_stack_end_all(tracee->state->calls.internal, CALL_EXIT, &no_time, &sink);
	call_stack_destroy(tracee->state->calls.internal);
	tracee->state->calls.internal = NULL;
}
