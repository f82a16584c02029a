/* Calls that end, or are copied, with their thread or process; see calls.h. Loop layer. */
#include <string.h>

#include "tracer/loop/calls/calls_private.h"
#include "tracer/loop/calls/goroutines.h"
#include "tracer/loop/calls/internal_calls.h"
#include "tracer/loop/lines/line_tables.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/tracee/ptrace_ops.h"

static void stack_end_calls(struct session *session, const struct process *process,
			    struct call_stack *stack, enum call_end how)
{
	struct calls_recording recording;
	const struct call_sink sink = calls_sink(&recording, session, process);

	if (call_stack_is_empty(stack))
		return;
	const struct call_event now = site_event_now(process);
	call_stack_end_all(stack, how, &now, &sink);
}

static void stack_end(struct session *session, const struct process *process,
		      struct call_stack **stack, enum call_end how)
{
	if (*stack == NULL)
		return;
	stack_end_calls(session, process, *stack, how);
	call_stack_destroy(*stack);
	*stack = NULL;
}

void calls_end_thread(struct session *session, struct tracee *tracee, enum call_end how)
{
	stack_end(session, tracee->process, &tracee->state->calls.stack, how);
	internal_calls_end(tracee);
}

void calls_end_orphans(struct session *session, struct process *process, enum call_end how)
{
	size_t cursor = 0;
	struct call_stack *calls;

	stack_end(session, process, &process->state->calls.orphans, how);
	while ((calls = goroutine_calls_next(process, &cursor)) != NULL)
		stack_end_calls(session, process, calls, how);
	goroutines_forget(process);
	if (how != CALL_EXEC)
		line_tables_end(session, process);
}

/* A fiber that the thread leaves behind may be resumed by another thread. */
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
		const struct call_event now = site_event_now(process);
		struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
		if (err == NULL)
			call_stack_pass_below(tracee->state->calls.stack, sp, &facts, &now);
		if (err == NULL && process->thread_count > 1)
			err = calls_keep_others(process, tracee->state->calls.stack, sp);
		error_free(err);
	}
	calls_end_thread(session, tracee, CALL_EXIT);
}

struct error *calls_fork(struct tracee *child, const struct tracee *parent)
{
	struct error *err = internal_calls_fork(child, parent);

	if (err != NULL || parent->state->calls.stack == NULL)
		return err;
	const struct call_event now = site_event_now(child->process);
	err = call_stack_fork(parent->state->calls.stack, child->tid, &now,
			      &child->state->calls.stack);
	return err != NULL ? err : calls_fork_lines(child, parent, &now);
}

static void call_note_open(struct session *session, const struct process *process,
			   struct call *call)
{
	if (call->is_noted)
		return;
	const struct recorder_call record = recorder_call_of(call, process->pid);
	recorder_call_open(session->recorder, &record);
	call->is_noted = true;
}

static void stack_note_open(struct session *session, const struct process *process,
			    struct call_stack *stack)
{
	if (stack == NULL)
		return;
	for (; stack->noted_count < stack->count; stack->noted_count++)
		call_note_open(session, process, &stack->calls[stack->noted_count]);
	for (size_t i = 0; i < stack->marked_count; i++)
		call_note_open(session, process, &stack->marked[i]);
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
		while ((calls = goroutine_calls_next(process, &goroutine)) != NULL)
			stack_note_open(session, process, calls);
	}
}
