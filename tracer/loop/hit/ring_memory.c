/* The memory of what pads have recorded; see ring_memory.h. Loop layer. */
#include "tracer/loop/hit/ring_memory.h"

#include "tracer/loop/memory/process_memory.h"

static bool is_in_statm(const struct session *session)
{
	return metric_traits(session->options->metric)->column > 0;
}

/* What a line has gained is known by readings that are of its beginning, not of about that time. */
struct memory_ages ring_memory_ages(const struct session *session)
{
	const struct session_options *options = session->options;
	const uint64_t age = tsc_clock_ticks(&session->tsc, options->memory_age_ns);

	if (!is_in_statm(session))
		return (struct memory_ages){ .usual = UINT64_MAX };
	return (struct memory_ages){ .usual = options->wants_lines ? 0 : age, .lax = age };
}

/* Whether the pad has read it with @memory. Behind the text is what the slot held before. */
static bool take_reading(const struct process *process, struct ring *ring,
			 const struct arch_pad_memory *memory)
{
	if (memory->length <= 0)
		return false;
	size_t bytes = (size_t)memory->length < sizeof(memory->text) ? (size_t)memory->length
								     : sizeof(memory->text);
	return process_memory_parse(process, memory->text, bytes, &ring->memory_bytes);
}

/*
 * A pad reckons the age from the time that it stood at before the read, which is that of a return's record and
 * before that of an entry's: what it takes for young enough is no older by the records, unless the thread is stopped
 * meanwhile, and the pad takes the time anew. A counter that goes back makes it read again.
 */
static bool is_young(const struct pad_area *pads, const struct ring *ring, uint64_t tsc)
{
	return ring->memory_tsc != 0 && tsc - ring->memory_tsc <= pads->memory_age_kept;
}

static const char *why_held(const struct session *session, const struct process *process,
			    const struct pad_area *pads, const struct ring *ring)
{
	if (!process_memory_is_sampled(process))
		return "the process's memory is not recorded";
	if (!is_in_statm(session))
		return "/proc/self/statm, which jumps read, does not have it";
	if (pads->memory_refusal != NULL)
		return pads->memory_refusal;
	return ring->memory_tsc == 0 ? "reading /proc/self/statm has failed in the program"
				     : "the thread was stopped behind the reading";
}

void ring_memory_take(struct session *session, const struct process *process,
		      const struct pad_area *pads, struct ring *ring,
		      const struct arch_pad_record *record, const struct arch_pad_memory *memory,
		      struct call_event *when)
{
	if (memory != NULL)
		ring->memory_tsc = take_reading(process, ring, memory) ? record->tsc : 0;
	when->is_held = !is_young(pads, ring, record->tsc);
	when->is_aged = memory == NULL;
	when->memory_bytes = when->is_held ? process_memory_held(process) : ring->memory_bytes;
	if (when->is_held)
		held_tally_note(&session->held, why_held(session, process, pads, ring), 1);
}

uint64_t ring_memory_summed(struct session *session, const struct process *process,
			    const struct pad_area *pads, const struct ring *ring, uint64_t count,
			    bool *ret_is_held)
{
	*ret_is_held = pads->ages.usual == UINT64_MAX || ring->memory_tsc == 0;
	if (!*ret_is_held)
		return ring->memory_bytes;
	held_tally_note(&session->held, why_held(session, process, pads, ring), 2 * count);
	return process_memory_held(process);
}
