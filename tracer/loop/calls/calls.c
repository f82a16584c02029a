/* The calls of all threads; see calls.h. Loop layer. */
#include "tracer/loop/calls/calls.h"

#include "tracer/base/profile_format.h"
#include "tracer/loop/calls/call_sums.h"
#include "tracer/loop/calls/calls_private.h"
#include "tracer/loop/calls/goroutines.h"
#include "tracer/loop/calls/thread_stack.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/probe/inlined/inlined_plan.h"
#include "tracer/probe/return_site.h"
#include "tracer/proc/process_facts.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/loop/state/process_state.h"

struct recorder_call recorder_call_of(const struct call *call, pid_t pid)
{
	return (struct recorder_call){
		.name = call->probe->name,
		.pid = pid,
		.tid = call->tid,
		.level = call->level,
		.is_noted = call->is_noted,
		.entry_ns = call->entry.time_ns,
		.entry_bytes = call->entry.memory_bytes,
		.held = call->entry.is_held ? CALL_HELD_IN : CALL_HELD_NONE,
	};
}

/* What is recorded of an end: of a call whose entry was not seen, why it was not. */
static enum call_end recorded_end(const struct call *call, enum call_end how)
{
	if (call->is_found && how != CALL_OPEN)
		return CALL_BEFORE;
	return call->is_forked ? CALL_FORKED : how;
}

static void recording_call_ended(void *context, const struct call *call, enum call_end how,
				 const struct call_event *end)
{
	const struct calls_recording *recording = context;
	struct recorder_call record = recorder_call_of(call, recording->pid);

	const struct line_reading reading = call_event_reading(end);

	if (end->is_held)
		record.held |= CALL_HELD_OUT;
	call_sums_end(recording->probes, call, end);
	line_activation_end(call->lines, &reading);
	recorder_call_ended(recording->recorder, &record, end->time_ns, end->memory_bytes,
			    recorded_end(call, how));
}

struct call_sink calls_sink(struct calls_recording *recording, const struct session *session,
			    const struct process *process)
{
	*recording = (struct calls_recording){ session->recorder, &session->planner.probes,
					       process->pid };
	return (struct call_sink){ recording_call_ended, recording };
}

static bool facts_same_stack(void *context, taddr_t a, taddr_t b)
{
	const struct process *process = context;
	return image_same_mapping(process->space->image, process_memory_tid(process), a, b);
}

static taddr_t facts_inner_stack(void *context, pid_t tid, taddr_t cfa, taddr_t outer)
{
	struct process *process = context;
	const struct tracee *tracee = process->threads;

	while (tracee != NULL && tracee->tid != tid)
		tracee = tracee->next;
	if (tracee == NULL || !tracee->is_stopped)
		return taddr(0);
	taddr_t inner = thread_stack_inner(tracee, cfa, outer);
	process->state->calls.has_inner_stacks |= inner.value != 0;
	return inner;
}

static const struct function_traits *function_traits(const struct process *process,
						     taddr_t function)
{
	struct image *image = process->space->image;
	struct site *site = image_site(image, function);
	if (site == NULL) /* its library has been unloaded */
		return NULL;
	entry_site_scan(image, site);
	return &site->traits;
}

static bool facts_reenters(void *context, taddr_t function)
{
	const struct function_traits *traits = function_traits(context, function);
	return traits != NULL && traits->reenters;
}

static bool facts_may_tail_call(void *context, taddr_t function)
{
	const struct function_traits *traits = function_traits(context, function);
	return traits == NULL || traits->leaves_by_jump;
}

static uint64_t facts_popped_bytes(void *context, taddr_t function)
{
	const struct function_traits *traits = function_traits(context, function);
	return traits == NULL ? 0 : traits->popped_bytes;
}

struct call_facts calls_facts(struct process *process)
{
	return (struct call_facts){ facts_same_stack,	 facts_inner_stack,  facts_reenters,
				    facts_may_tail_call, facts_popped_bytes, process };
}

/*
 * The calls of what runs on @tracee: its thread, or @goroutine, which may be 0. *@ret may be NULL unless
 * @makes.
 */
static struct error *calls_running(struct tracee *tracee, taddr_t goroutine, bool makes,
				   struct call_stack **ret)
{
	struct calls_state *own = &tracee->state->calls;
	struct error *err = goroutine_calls(tracee->process, goroutine, makes, ret);

	if (err != NULL || *ret != NULL)
		return err;
	if (own->stack == NULL && makes) {
		err = call_stack_create(&own->stack);
		if (err == NULL && tracee->tid == tracee->process->pid)
			own->stack->first_cfa = process_stack_start(tracee->tid);
	}
	*ret = own->stack;
	return err;
}

struct call_stack *calls_at(struct tracee *tracee, const struct site_event *event)
{
	struct call_stack *calls;

	error_free(calls_running(tracee, event->goroutine, false, &calls));
	return calls;
}

/* The call of @probe that @event is the beginning of goes on, if there is one. */
static bool calls_resume(struct tracee *tracee, const struct site_event *event,
			 const struct probe *probe)
{
	struct call_stack *calls = calls_at(tracee, event);
	return calls != NULL && call_stack_resume(calls, probe, event->cfa);
}

bool calls_has_any(struct tracee *tracee, const struct site_event *event)
{
	const struct call_stack *calls = calls_at(tracee, event);
	return calls != NULL && calls->count > 0;
}

static bool calls_is_continued(struct tracee *tracee, const struct site_event *event)
{
	const struct call_stack *calls = calls_at(tracee, event);
	const struct site *part = event->site;
	size_t i = calls == NULL ? 0 : calls->count;

	while (i > 0 && calls->calls[i - 1].is_passed)
		i--;
	if (i == 0)
		return false;
	const struct call *call = &calls->calls[i - 1]; /* the innermost one only */
	if (call->probe != part->probe || call->is_inlined)
		return call->probe == part->probe;
	const struct site *whole = image_site(tracee->process->space->image, call->function);
	return whole != NULL && whole->variant < part->variant &&
	       (taddr_equal(call->cfa, event->cfa) ||
		event->return_address.value - call->function.value < whole->function_bytes);
}

bool calls_goes_on(struct tracee *tracee, const struct site_event *event, bool resumes)
{
	if (resumes && calls_resume(tracee, event, event->site->probe))
		return true;
	return event->site->variant > 0 && calls_is_continued(tracee, event);
}

bool calls_pass_inlined(struct tracee *tracee, const struct site_event *event, bool resumes)
{
	const struct inlined_point *point = event->point;

	if (point->kind != FLOW_ENTER)
		return !calls_has_any(tracee, event);
	const struct probe *probe = event->site->inlined->probes[point->name];
	return probe->is_dropped || (resumes && calls_resume(tracee, event, probe));
}

/* Begins @call. @may_come_back: of an inlined one, see call_stack_enter_inlined. */
static struct error *calls_begin(struct session *session, struct tracee *tracee,
				 const struct site_event *event, const struct call *call,
				 bool may_come_back)
{
	struct calls_recording recording;
	const struct call_sink sink = calls_sink(&recording, session, tracee->process);
	const struct call_facts facts = calls_facts(tracee->process);
	struct call_stack *calls;
	bool is_new;

	struct error *err = calls_running(tracee, event->goroutine, true, &calls);
	if (err != NULL)
		return err;
	err = call->is_inlined
		      ? call_stack_enter_inlined(calls, call, may_come_back, &facts, &sink, &is_new)
		      : call_stack_enter(calls, call, &facts, &sink, &is_new);
	if (err == NULL && !is_new && !call->is_inlined)
		calls_line(tracee, event);
	if (err != NULL || !is_new)
		return err;
	call->probe->hits++;
	struct call *begun = &calls->calls[calls->count - 1];
	call_sums_begin(&session->planner.probes, calls, begun);
	return call->is_inlined ? NULL : calls_begin_lines(tracee, event, begun);
}

static struct error *calls_enter(struct session *session, struct tracee *tracee,
				 const struct site_event *event)
{
	const struct call call = {
		.probe = event->site->probe,
		.function = event->site->address,
		.tid = event->tid,
		.cfa = event->cfa,
		.return_address = event->return_address,
		.entry = event->when,
		.is_found = event->kind == EVENT_FOUND,
	};
	return calls_begin(session, tracee, event, &call, false);
}

static bool stack_return(struct session *session, struct process *process, struct call_stack *stack,
			 const struct site_event *event)
{
	struct calls_recording recording;
	const struct call_sink sink = calls_sink(&recording, session, process);
	const struct call_facts facts = calls_facts(process);

	return stack != NULL && stack->count > 0 &&
	       call_stack_return(stack, event->site->address, event->sp, &facts, &event->when,
				 &sink);
}

static bool calls_return(struct session *session, struct tracee *tracee,
			 const struct site_event *event)
{
	struct process *process = tracee->process;
	struct call_stack *own = tracee->state->calls.stack;
	struct call_stack *running = calls_at(tracee, event);

	if (stack_return(session, process, running, event))
		return true;
	if (running != own && stack_return(session, process, own, event))
		return true;
	if (stack_return(session, process, process->state->calls.orphans, event))
		return true;
	/* Not of other processes: a vfork child returns where its parent will, before that. */
	for (struct tracee *other = process->threads; other != NULL; other = other->next) {
		if (other != tracee &&
		    stack_return(session, process, other->state->calls.stack, event)) {
			process->state->calls.has_migrants = true;
			return true;
		}
	}
	return false;
}

static void calls_return_frame(struct session *session, struct tracee *tracee,
			       const struct site_event *event)
{
	struct calls_recording recording;
	const struct call_sink sink = calls_sink(&recording, session, tracee->process);
	struct call_stack *calls = calls_at(tracee, event);

	if (calls != NULL)
		call_stack_return_frame(calls, event->cfa, &event->when, &sink);
}

static void calls_leave_inlined(struct session *session, struct tracee *tracee,
				const struct site_event *event, taddr_t function)
{
	struct calls_recording recording;
	const struct call_sink sink = calls_sink(&recording, session, tracee->process);
	struct call_stack *calls = calls_at(tracee, event);

	if (calls != NULL)
		call_stack_leave_inlined(calls, function, event->cfa, &event->when, &sink);
}

static struct error *calls_inlined(struct session *session, struct tracee *tracee,
				   const struct site_event *event)
{
	const struct inlined_point *point = event->point;
	const uint64_t bias = event->site->address.value - point->address.value;
	const struct call call = {
		.probe = event->site->inlined->probes[point->name],
		.function = taddr_add(point->entry, bias),
		.tid = event->tid,
		.cfa = event->cfa,
		.return_address = event->return_address,
		.entry = event->when,
		.is_inlined = true,
	};

	if (point->kind == FLOW_ENTER)
		return calls_begin(session, tracee, event, &call, point->may_come_back);
	calls_leave_inlined(session, tracee, event, call.function);
	return NULL;
}

struct error *calls_take(struct session *session, struct tracee *tracee, struct site_event *event,
			 bool *ret_is_taken)
{
	int64_t *last_ns = &tracee->state->calls.last_event_ns;

	/*
	 * Times of rings are reckoned, by a measured relation; those of stops are read. And some time stamp counters move in
	 * steps of 10 ns or more, in which a function is entered and left: the order tells which came first.
	 */
	if (event->when.time_ns <= *last_ns)
		event->when.time_ns = *last_ns + 1;
	*last_ns = event->when.time_ns;
	*ret_is_taken = true;
	calls_note_growth(session, tracee, event);
	switch (event->kind) {
	case EVENT_ENTRY:
	case EVENT_FOUND:
		return calls_enter(session, tracee, event);
	case EVENT_RETURN:
		*ret_is_taken = calls_return(session, tracee, event);
		return NULL;
	case EVENT_RET_INSN:
		calls_return_frame(session, tracee, event);
		return NULL;
	case EVENT_INLINED:
		return calls_inlined(session, tracee, event);
	case EVENT_LINE:
		calls_line(tracee, event);
		return NULL;
	case EVENT_MARK:
		return calls_mark(session, tracee, event, ret_is_taken);
	default: /* EVENT_USDT */
		return calls_static_probe(session, tracee, event);
	}
}
