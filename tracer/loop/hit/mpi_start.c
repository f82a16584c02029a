/* Recording from the return of MPI_Init on; see mpi_start.h. Loop layer. */
#include "tracer/loop/hit/mpi_start.h"

#include "tracer/base/clock.h"
#include "tracer/loop/calls/calls_at_attach.h"
#include "tracer/loop/growth/growth.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/loop/memory/sampling.h"

static void write_mark(struct session *session, const struct tracee *tracee)
{
	static const char NAME[] = "mark:MPI_Init";
	const struct process *process = tracee->process;
	uint64_t bytes;

	if (process_memory_take(session, process, &bytes))
		recorder_mark(session->recorder, NAME, process->pid, tracee->tid, clock_now_ns(),
			      bytes, false);
}

struct error *mpi_start_returned(struct session *session, struct tracee *tracee)
{
	struct process *process = tracee->process;
	const bool is_first = session->is_waiting;

	if (!process->space->image->is_waiting)
		return NULL; /* a tool's own MPI_Init has called it, and returns now */
	struct error *err = planner_begin(&session->planner, process->space->image, tracee);
	if (err != NULL)
		return err;
	/* What all processes have now is where the profile begins. */
	session->is_waiting = false;
	if (is_first)
		sampling_take_all(session, true);
	write_mark(session, tracee);
	if (is_first)
		err = growth_attach(session);
	if (err != NULL)
		return err;
	/* What it is in, it was in when recording began, as when it is attached to. */
	calls_at_attach_begin_again(session, process);
	calls_at_attach_read_stopped(session, tracee);
	return NULL;
}
