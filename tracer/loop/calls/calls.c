/* The calls of all threads; see calls.h. Loop layer. */
#include "tracer/loop/calls/calls.h"

#include <string.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/base/profile_format.h"
#include "tracer/loop/calls/calls_private.h"
#include "tracer/loop/calls/goroutines.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/probe/return_site.h"
#include "tracer/tracee/ptrace_ops.h"

struct call_event calls_event(const struct process *process)
{
	struct call_event event = { .memory_bytes = process_memory_recent(process) };

	event.time_ns = clock_now_ns();
	return event;
}

static struct recorder_call recorder_call_of(const struct call *call, pid_t pid)
{
	return (struct recorder_call){
		.name = call->probe->name,
		.pid = pid,
		.tid = call->tid,
		.level = call->level,
		.is_noted = call->is_noted,
		.entry_ns = call->entry.time_ns,
		.entry_bytes = call->entry.memory_bytes,
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

	recorder_call_ended(recording->recorder, &record, end->time_ns, end->memory_bytes,
			    recorded_end(call, how));
}

struct call_sink calls_sink(struct calls_recording *recording, const struct session *session,
			    const struct process *process)
{
	*recording = (struct calls_recording){ session->recorder, process->pid };
	return (struct call_sink){ recording_call_ended, recording };
}

static bool facts_same_stack(void *context, taddr_t a, taddr_t b)
{
	const struct process *process = context;
	return image_same_mapping(process->space->image, process_memory_tid(process), a, b);
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
	return (struct call_facts){ facts_same_stack, facts_reenters, facts_may_tail_call,
				    facts_popped_bytes, process };
}

struct error *calls_running(struct tracee *tracee, taddr_t sp, bool makes, struct call_stack **ret)
{
	struct error *err = goroutine_calls(tracee, sp, makes, ret);

	if (err != NULL || *ret != NULL)
		return err;
	if (tracee->state->calls.stack == NULL && makes)
		err = call_stack_create(&tracee->state->calls.stack);
	*ret = tracee->state->calls.stack;
	return err;
}

bool calls_has(struct tracee *tracee, const struct probe *probe, taddr_t cfa)
{
	struct call_stack *calls;

	struct error *err = calls_running(tracee, cfa, false, &calls);
	bool has = err == NULL && calls != NULL && call_stack_has(calls, probe, cfa);
	error_free(err);
	return has;
}

bool calls_is_continued(struct tracee *tracee, const struct site *part, taddr_t cfa,
			taddr_t return_address)
{
	struct call_stack *calls;
	bool is_same = false;

	error_free(calls_running(tracee, cfa, false, &calls));
	for (size_t i = calls ? calls->count : 0; i > 0 && !is_same; i--) {
		const struct call *call = &calls->calls[i - 1];
		if (call->is_passed)
			continue;
		const struct site *whole =
			image_site(tracee->process->space->image, call->function);
		is_same = call->probe == part->probe &&
			  (call->is_inlined ||
			   (whole != NULL && whole->variant < part->variant &&
			    (taddr_equal(call->cfa, cfa) ||
			     return_address.value - call->function.value < whole->function_bytes)));
		break; /* the innermost one only */
	}
	return is_same;
}

struct error *calls_begin(struct session *session, struct tracee *tracee, const struct call *call,
			  bool may_come_back)
{
	struct calls_recording recording;
	const struct call_sink sink = calls_sink(&recording, session, tracee->process);
	const struct call_facts facts = calls_facts(tracee->process);
	struct call_stack *calls;
	bool is_new;

	struct error *err = calls_running(tracee, call->cfa, true, &calls);
	if (err != NULL)
		return err;
	err = call->is_inlined
		      ? call_stack_enter_inlined(calls, call, may_come_back, &facts, &sink, &is_new)
		      : call_stack_enter(calls, call, &facts, &sink, &is_new);
	if (err == NULL && is_new)
		call->probe->hits++;
	return err;
}

struct error *calls_enter(struct session *session, struct tracee *tracee, struct site *site,
			  taddr_t cfa, taddr_t return_address)
{
	const struct call call = {
		.probe = site->probe,
		.function = site->address,
		.tid = tracee->tid,
		.cfa = cfa,
		.return_address = return_address,
		.entry = calls_event(tracee->process),
	};
	return calls_begin(session, tracee, &call, false);
}

struct error *calls_found(struct session *session, struct tracee *tracee, struct site *site,
			  taddr_t cfa, taddr_t return_address, const struct call_event *attach)
{
	const struct call call = {
		.probe = site->probe,
		.function = site->address,
		.tid = tracee->tid,
		.cfa = cfa,
		.return_address = return_address,
		.entry = *attach,
		.is_found = true,
	};
	return calls_begin(session, tracee, &call, false);
}

static bool stack_return(struct session *session, struct process *process, struct call_stack *stack,
			 taddr_t pc, taddr_t sp, const struct call_event *now)
{
	struct calls_recording recording;
	const struct call_sink sink = calls_sink(&recording, session, process);
	const struct call_facts facts = calls_facts(process);

	return stack != NULL && stack->count > 0 &&
	       call_stack_return(stack, pc, sp, &facts, now, &sink);
}

bool calls_return(struct session *session, struct tracee *tracee, taddr_t pc, taddr_t sp)
{
	struct process *process = tracee->process;
	const struct call_event now = calls_event(process);
	size_t cursor = 0;
	struct tracee *other;
	struct call_stack *calls;

	error_free(goroutine_calls(tracee, sp, false, &calls));
	if (stack_return(session, process, calls, pc, sp, &now))
		return true;
	if (stack_return(session, process, tracee->state->calls.stack, pc, sp, &now))
		return true;
	if (stack_return(session, process, process->state->calls.orphans, pc, sp, &now))
		return true;
	/* Not of other processes: a vfork child returns where its parent will, before that. */
	if (process->thread_count == 1)
		return false;
	while ((other = addr_map_next(&session->target.tracees, &cursor)) != NULL) {
		if (other != tracee && other->process == process &&
		    stack_return(session, process, other->state->calls.stack, pc, sp, &now))
			return true;
	}
	return false;
}

void calls_return_frame(struct session *session, struct tracee *tracee, taddr_t cfa)
{
	struct calls_recording recording;
	const struct call_sink sink = calls_sink(&recording, session, tracee->process);

	struct call_stack *calls;

	error_free(calls_running(tracee, cfa, false, &calls));
	if (calls == NULL)
		return;
	const struct call_event now = calls_event(tracee->process);
	call_stack_return_frame(calls, cfa, &now, &sink);
}

static void stack_end(struct session *session, const struct process *process,
		      struct call_stack **stack, enum call_end how)
{
	struct calls_recording recording;
	const struct call_sink sink = calls_sink(&recording, session, process);

	if (*stack == NULL)
		return;
	if ((*stack)->count > 0) {
		const struct call_event now = calls_event(process);
		call_stack_end_all(*stack, how, &now, &sink);
	}
	call_stack_destroy(*stack);
	*stack = NULL;
}

void calls_end_thread(struct session *session, struct tracee *tracee, enum call_end how)
{
	stack_end(session, tracee->process, &tracee->state->calls.stack, how);
}

void calls_end_orphans(struct session *session, struct process *process, enum call_end how)
{
	size_t cursor = 0;
	struct call_stack *calls;

	stack_end(session, process, &process->state->calls.orphans, how);
	while ((calls = addr_map_next(&process->state->calls.goroutines, &cursor)) != NULL)
		stack_end(session, process, &calls, how);
	addr_map_deinit(&process->state->calls.goroutines);
	process->state->calls.put_off_count = 0;
}

/* What a fiber was in the middle of may be gone on with by another thread. */
static struct error *calls_keep_others(struct process *process, struct call_stack *calls,
				       taddr_t sp)
{
	const struct call_facts facts = calls_facts(process);

	if (process->state->calls.orphans == NULL) {
		struct error *err = call_stack_create(&process->state->calls.orphans);
		if (err != NULL)
			return err;
	}
	return call_stack_move_others(calls, process->state->calls.orphans, sp, &facts);
}

/* Where it says more than the program's name. */
static void record_thread_name(struct session *session, const struct tracee *tracee)
{
	char name[PROCESS_NAME_BYTES];

	process_name_read(tracee->tid, name);
	if (strcmp(name, tracee->process->name) != 0)
		recorder_thread(session->recorder, tracee->process->pid, tracee->tid, name);
}

void calls_thread_exits(struct session *session, struct tracee *tracee)
{
	struct process *process = tracee->process;
	taddr_t pc, sp;

	if (tracee->state->calls.stack != NULL && tracee->tid != process->pid)
		record_thread_name(session, tracee);
	if (tracee->state->calls.stack != NULL && tracee->state->calls.stack->count > 0 &&
	    process->space != NULL) {
		const struct call_facts facts = calls_facts(process);
		const struct call_event now = calls_event(process);
		struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
		if (err == NULL)
			call_stack_pass_below(tracee->state->calls.stack, sp, &facts, &now);
		if (err == NULL && process->thread_count > 1)
			err = calls_keep_others(process, tracee->state->calls.stack, sp);
		error_free(err);
	}
	calls_end_thread(session, tracee, CALL_EXIT);
}

static void stack_note_open(struct session *session, const struct process *process,
			    struct call_stack *stack)
{
	if (stack == NULL)
		return;
	for (; stack->noted_count < stack->count; stack->noted_count++) {
		struct call *call = &stack->calls[stack->noted_count];
		if (call->is_noted)
			continue;
		struct recorder_call record = recorder_call_of(call, process->pid);
		recorder_call_open(session->recorder, &record);
		call->is_noted = true;
	}
}

void calls_note_open(struct session *session)
{
	size_t cursor = 0;
	struct tracee *tracee;
	struct process *process;

	while ((tracee = addr_map_next(&session->target.tracees, &cursor)) != NULL)
		stack_note_open(session, tracee->process, tracee->state->calls.stack);
	cursor = 0;
	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		size_t goroutine = 0;
		struct call_stack *calls;
		stack_note_open(session, process, process->state->calls.orphans);
		while ((calls = addr_map_next(&process->state->calls.goroutines, &goroutine)) !=
		       NULL)
			stack_note_open(session, process, calls);
	}
}
