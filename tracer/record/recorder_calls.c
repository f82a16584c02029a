/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The records of calls; see recorder.h. Record layer. */
#include "tracer/record/recorder_private.h"

void recorder_call_ended(struct recorder *recorder, const struct recorder_call *call,
			 int64_t end_ns, uint64_t end_bytes, enum call_end how)
{
	bool is_single = true;

	/*
	 * A call that has come with a fork has been counted in the parent, which a sum cannot say.
	 * Without memory for a window, the call is written by itself.
	 */
	if (!call->is_noted && how != CALL_FORKED)
		error_free(condenser_add(&recorder->condenser, call->name, call->pid,
					 call->entry_ns, call->entry_bytes, end_ns, end_bytes,
					 call->held != CALL_HELD_NONE, &is_single));
	if (!is_single)
		return;
	bool is_childs = recorder->main_pid != 0 && call->pid != recorder->main_pid;
	RECORDER_WRITE(recorder, is_childs ? PROFILE_CHFUNC : PROFILE_FUNC, { .text = call->name },
		       { (int64_t)call->entry_bytes }, { call->entry_ns }, { (int64_t)end_bytes },
		       { end_ns }, { call->level }, { call->pid }, { call->tid }, { how },
		       { call->held });
}

void recorder_write_condensed(void *context, const char *name, const struct condensed *window)
{
	struct recorder *recorder = context;

	RECORDER_WRITE(recorder, PROFILE_MANY, { .text = name }, { window->pid },
		       { window->from_ns }, { window->to_ns }, { (int64_t)window->count },
		       { window->total_ns }, { window->shortest_ns }, { window->longest_ns },
		       { window->gained_bytes }, { (int64_t)window->max_bytes },
		       { (int64_t)window->held_count });
}

void recorder_moment(struct recorder *recorder, const struct recorder_moment *moment)
{
	const int64_t at_ns = moment->time_ns;
	bool is_single = true;

	/* Without memory for a window, it is written by itself. */
	error_free(condenser_add(&recorder->condenser, moment->name, moment->pid, at_ns,
				 moment->bytes, at_ns, moment->bytes, moment->is_held, &is_single));
	if (is_single)
		recorder_mark(recorder, moment->name, moment->pid, moment->tid, at_ns,
			      moment->bytes, moment->is_held);
}

void recorder_calls_summed(struct recorder *recorder, const char *name,
			   const struct recorder_sum *sum)
{
	const struct condensed condensed = {
		.pid = sum->pid,
		.from_ns = sum->from_ns,
		.to_ns = sum->to_ns,
		.count = sum->count,
		.total_ns = sum->total_ns,
		.shortest_ns = sum->shortest_ns,
		.longest_ns = sum->longest_ns,
		.max_bytes = sum->bytes,
		.held_count = sum->is_held ? sum->count : 0,
	};

	/* Without memory for a window, it is one by itself. */
	struct error *err = condenser_add_sum(&recorder->condenser, name, &condensed);
	if (err != NULL)
		recorder_write_condensed(recorder, name, &condensed);
	error_free(err);
}

void recorder_condense(struct recorder *recorder, const char *name)
{
	/* Without memory for that its calls go on to be written by themselves. */
	error_free(condenser_begin(&recorder->condenser, name));
}

void recorder_left(struct recorder *recorder, const char *name, int64_t time_ns, uint64_t calls)
{
	RECORDER_WRITE(recorder, PROFILE_LEFT, { .text = name }, { time_ns }, { (int64_t)calls });
}

bool recorder_condenses(const struct recorder *recorder, uint64_t calls)
{
	return condenser_is_past(&recorder->condenser, calls);
}

int64_t recorder_limit_ns(const struct recorder *recorder, const char *name)
{
	return condenser_limit_ns(&recorder->condenser, name);
}

void recorder_call_open(struct recorder *recorder, const struct recorder_call *call)
{
	RECORDER_WRITE(recorder, PROFILE_OPEN, { .text = call->name },
		       { (int64_t)call->entry_bytes }, { call->entry_ns }, { call->level },
		       { call->pid }, { call->tid }, { call->held & CALL_HELD_IN });
}
