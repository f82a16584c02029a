/* High-water marks at calls; see peak_notes.h. Loop layer. */
#include "tracer/loop/memory/peak_notes.h"

#include "tracer/loop/memory/process_memory.h"
#include "tracer/loop/state/process_state.h"

void peak_note_take(struct session *session, struct process *process, int64_t since_ns)
{
	if (!session->options->notes_marks || process->shares_memory)
		return;
	/* What we have added may change, and the program's part of the mark with it: that is no rise. */
	uint64_t bytes = process_memory_mark(process);
	if (bytes <= process->state->memory.noted_bytes)
		return;
	process->state->memory.noted_bytes = bytes;
	recorder_peak(session->recorder, process->pid, since_ns,
		      process_memory_peak(session, process));
}
