/* Calls whose lines are looked at; see calls.h. Loop layer. */
#include "tracer/loop/calls/calls_private.h"
#include "tracer/loop/lines/line_tables.h"
#include "tracer/loop/state/thread_state.h"

/* What tells the stacks of one process apart that calls are on. */
static uint64_t runner_of(const struct site_event *event)
{
	return event->goroutine.value != 0 ? event->goroutine.value : (uint64_t)event->tid;
}

static taddr_t in_file(const struct tracee *tracee, taddr_t pc)
{
	const struct module *module = image_module_at(tracee->process->space->image, pc);

	return taddr(pc.value - (module == NULL ? 0 : module->bias));
}

/* The lines at the function's first instruction begin; those that ran when it was found began before. */
struct error *calls_begin_lines(struct tracee *tracee, const struct site_event *event,
				struct call *call)
{
	const struct site *site = event->site;
	const struct line_function *function = site->lines;
	const struct line_reading now = call_event_reading(&event->when);
	const bool is_counted = event->kind == EVENT_ENTRY && site->line_first < site->line_end;
	uint32_t first = 0, end = 1;
	struct line_account *account;

	if (function == NULL)
		return NULL;
	if (is_counted) {
		first = site->line_first;
		end = site->line_end;
	} else if (event->kind == EVENT_FOUND) {
		first = line_function_before(function, in_file(tracee, event->pc));
		end = first + 1;
	}
	struct error *err = line_tables_get(tracee->process, function, call->probe->name, &account);
	if (err != NULL)
		return err;
	const struct line_stop at = line_stop_at(function, first, end);
	return line_activation_begin(account, runner_of(event), &at, is_counted, &now,
				     &call->lines);
}

void calls_line(struct tracee *tracee, const struct site_event *event)
{
	const struct site *site = event->site;
	const struct call_facts facts = calls_facts(tracee->process);
	struct call_stack *calls = calls_at(tracee, event);
	const struct line_account *account =
		site->lines == NULL ? NULL : line_tables_find(tracee->process, site->lines);

	if (calls == NULL || account == NULL || site->line_first == site->line_end ||
	    event->kind == EVENT_FOUND)
		return;
	const struct call *call =
		call_stack_running(calls, account, event->sp, &facts, &event->when);
	if (call == NULL)
		return;
	const struct line_stop at = line_stop_at(site->lines, site->line_first, site->line_end);
	const struct line_reading now = call_event_reading(&event->when);
	line_activation_reach(call->lines, &at, &now);
}

/*
 * What an event at line @line of a Python function is to an account: each one is an execution. But a call begins at the
 * line of its "def", where its text may begin, too: that is one.
 */
static struct line_stop marked_line(const uint32_t *line, bool begins)
{
	return (struct line_stop){ .address = taddr(begins ? 0 : 1), .lines = line, .count = 1 };
}

struct error *calls_begin_marked_lines(struct tracee *tracee, const struct site_event *event,
				       struct call *call)
{
	static const uint32_t first = 0;
	const struct line_reading now = call_event_reading(&event->when);
	const struct line_stop at = marked_line(&first, true);
	struct line_account *account;

	if (event->mark_lines == NULL)
		return NULL;
	struct error *err =
		line_tables_get(tracee->process, event->mark_lines, call->probe->name, &account);
	return err != NULL ? err
			   : line_activation_begin(account, (uint64_t)tracee->tid, &at, true, &now,
						   &call->lines);
}

/* The one that @event is about: of its mark, else the innermost of the thread that is told by none. */
static struct line_activation *marked_activation(const struct tracee *tracee,
						 const struct site_event *event)
{
	const struct process *process = tracee->process->space->processes;

	if (event->mark_id == 0) {
		const struct line_account *account =
			line_tables_find(tracee->process, event->mark_lines);
		return account == NULL ? NULL
				       : line_account_running(account, (uint64_t)tracee->tid);
	}
	/* A coroutine may have been resumed by another thread. */
	struct call *call =
		call_stack_marked(tracee->state->calls.stack, event->marked, event->mark_id);
	for (; call == NULL && process != NULL; process = process->next_in_space) {
		for (const struct tracee *it = process->threads; call == NULL && it != NULL;
		     it = it->next)
			call = call_stack_marked(it->state->calls.stack, event->marked,
						 event->mark_id);
	}
	return call == NULL ? NULL : call->lines;
}

bool calls_marked_line(struct tracee *tracee, const struct site_event *event)
{
	const struct line_reading now = call_event_reading(&event->when);
	const struct line_stop at = marked_line(&event->mark_line, false);

	if (event->mark_lines == NULL)
		return true;
	struct line_activation *activation = marked_activation(tracee, event);
	if (activation == NULL)
		return event->mark_id == 0;
	if (event->mark_kind == MARK_SUSPENDS)
		line_activation_suspend(activation, &now);
	else
		line_activation_resume(activation, (uint64_t)tracee->tid, &now);
	if (event->mark_kind == MARK_LINE && event->mark_line < event->mark_lines->place_count)
		line_activation_reach(activation, &at, &now);
	return true;
}

static struct error *fork_line(struct tracee *child, const struct call *of_parent,
			       const struct line_reading *now, struct call *call)
{
	struct line_account *account;

	if (of_parent->lines == NULL)
		return NULL;
	struct error *err = line_tables_copy(child->process,
					     line_activation_account(of_parent->lines), &account);
	return err != NULL ? err
			   : line_activation_copy(of_parent->lines, account, (uint64_t)child->tid,
						  now, &call->lines);
}

/* The calls of the child are those of the parent that are not passed, in their order. */
struct error *calls_fork_lines(struct tracee *child, const struct tracee *parent,
			       const struct call_event *now)
{
	const struct line_reading reading = call_event_reading(now);
	const struct call_stack *from = parent->state->calls.stack;
	struct call_stack *to = child->state->calls.stack;
	struct error *err = NULL;

	for (size_t i = 0, k = 0; err == NULL && to != NULL && i < from->count; i++) {
		if (!from->calls[i].is_passed)
			err = fork_line(child, &from->calls[i], &reading, &to->calls[k++]);
	}
	for (size_t i = 0; err == NULL && to != NULL && i < from->marked_count; i++)
		err = fork_line(child, &from->marked[i], &reading, &to->marked[i]);
	return err;
}
