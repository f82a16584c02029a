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

/* The calls of the child are those of the parent that are not passed, in their order. */
struct error *calls_fork_lines(struct tracee *child, const struct tracee *parent,
			       const struct call_event *now)
{
	const struct line_reading reading = call_event_reading(now);
	const struct call_stack *from = parent->state->calls.stack;
	struct call_stack *to = child->state->calls.stack;
	struct error *err = NULL;

	for (size_t i = 0, k = 0; err == NULL && to != NULL && i < from->count; i++) {
		const struct call *of_parent = &from->calls[i];
		struct line_account *account;
		if (of_parent->is_passed)
			continue;
		struct call *call = &to->calls[k++];
		if (of_parent->lines == NULL)
			continue;
		err = line_tables_copy(child->process, line_activation_account(of_parent->lines),
				       &account);
		if (err == NULL)
			err = line_activation_copy(of_parent->lines, account, (uint64_t)child->tid,
						   &reading, &call->lines);
	}
	return err;
}
