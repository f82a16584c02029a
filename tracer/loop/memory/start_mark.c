/* The memory of a program that is loaded; see start_mark.h. Loop layer. */
#include "tracer/loop/memory/start_mark.h"

#include "tracer/base/clock.h"
#include "tracer/loop/memory/process_memory.h"

bool session_probes(const struct session *session)
{
	const struct session_options *options = session->options;

	return pattern_set_count(options->patterns) > 0 || options->wants_python ||
	       options->wants_marks || options->waits_for_mpi;
}

bool start_mark_is_due(const struct session *session, const struct process *process)
{
	return session->options->marks_start && process->is_main && !session->start_was_marked;
}

void start_mark_take(struct session *session, struct process *process, pid_t tid)
{
	uint64_t bytes;

	if (!start_mark_is_due(session, process))
		return;
	process_memory_update_added(session, process);
	if (!process_memory_take(session, process, &bytes))
		return;
	session->start_was_marked = true;
	recorder_mark(session->recorder, PROFILE_LOADED, process->pid, tid, clock_now_ns(), bytes,
		      false);
}
