/* The time and the memory of an event; see site_event.h. Loop layer. */
#include "tracer/loop/calls/site_event.h"

#include "tracer/base/clock.h"
#include "tracer/loop/memory/process_memory.h"

struct call_event site_event_now(const struct process *process)
{
	struct call_event now = { .memory_bytes = process_memory_recent(process) };

	now.time_ns = clock_now_ns(); /* last: to read the memory takes time */
	return now;
}
