/* Memory of all processes; see sampling.h. Loop layer. */
#include "tracer/loop/sampling.h"

#include "tracer/base/clock.h"
#include "tracer/loop/calls.h"
#include "tracer/loop/earlier_calls.h"
#include "tracer/loop/watch.h"
#include "tracer/sample/memory_usage.h"

static void sampling_raise_peak(struct session *session, uint64_t bytes)
{
	if (bytes > session->counts.peak_bytes)
		session->counts.peak_bytes = bytes;
}

/* False: there is nothing to be read of it (any more). */
static bool process_read_memory(const struct process *process, uint64_t *ret_bytes)
{
	if (process->meter == NULL || process->shares_memory)
		return false;
	struct error *err = memory_meter_read(process->meter, ret_bytes);
	bool is_there = err == NULL && *ret_bytes > 0;
	error_free(err);
	return is_there;
}

static void sampling_record(struct session *session, const struct process *process, uint64_t bytes)
{
	const struct session_options *options = session->options;

	if (!process->is_main) {
		if (options->lists_children)
			recorder_child_memory(session->recorder, process->pid, clock_now_ns(),
					      bytes);
		return;
	}
	if (options->sums_tree)
		return;
	recorder_memory(session->recorder, clock_now_ns(), bytes);
	sampling_raise_peak(session, bytes);
}

/*
 * With very many processes, those whose memory has not changed for a while are read in turns: the
 * kernel takes a microsecond or two for each. False: not this time; the last reading stands.
 */
static bool sampling_is_due(const struct session *session, const struct process *process)
{
	enum { MANY_PROCESSES = 200, SAME_READINGS = 8, TURNS = 8 };

	return process->is_main || process->same_readings < SAME_READINGS ||
	       session->target.processes.count < MANY_PROCESSES ||
	       ((unsigned)process->pid + session->tick_count) % TURNS == 0;
}

static void sampling_take_all(struct session *session, bool records_each)
{
	size_t cursor = 0;
	struct process *process;
	uint64_t sum_bytes = 0;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		uint64_t bytes;
		if (!sampling_is_due(session, process)) {
			sum_bytes += process->last_bytes;
			continue;
		}
		if (!process_read_memory(process, &bytes))
			continue;
		process->same_readings =
			bytes == process->last_bytes ? process->same_readings + 1 : 0;
		process->last_bytes = bytes;
		sum_bytes += bytes;
		if (records_each)
			sampling_record(session, process, bytes);
	}
	if (session->options->sums_tree && sum_bytes > 0) {
		recorder_memory(session->recorder, clock_now_ns(), sum_bytes);
		sampling_raise_peak(session, sum_bytes);
	}
}

void sampling_tick(struct session *session)
{
	session->tick_count++;
	if (session->is_started)
		sampling_take_all(session, true);
	watch_tick(session);
	earlier_calls_look(session);
	calls_note_open(session);
	recorder_flush(session->recorder, clock_now_ns());
}

void sampling_take_one(struct session *session, struct process *process)
{
	uint64_t bytes;

	if (process_read_memory(process, &bytes))
		sampling_record(session, process, bytes);
	if (session->options->sums_tree)
		sampling_take_all(session, false);
}

void sampling_note_peak(struct session *session, const struct process *process, uint64_t bytes)
{
	if (process->is_main && !session->options->sums_tree)
		sampling_raise_peak(session, bytes);
}
