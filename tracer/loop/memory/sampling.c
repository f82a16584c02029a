/* Memory of all processes; see sampling.h. Loop layer. */
#include "tracer/loop/memory/sampling.h"

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/calls/calls.h"
#include "tracer/loop/calls/calls_at_attach.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/loop/dispatch/untraced.h"

static void sampling_raise_peak(struct session *session, uint64_t bytes)
{
	if (bytes > session->counts.peak_bytes)
		session->counts.peak_bytes = bytes;
}

/* False: there is nothing to be read of it (any more). */
static bool process_read_memory(struct session *session, struct process *process,
				uint64_t *ret_bytes)
{
	if (process->state->memory.meter == NULL || process->shares_memory)
		return false;
	process_memory_update_added(session, process);
	return process_memory_take(session, process, ret_bytes);
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

	return process->is_main || process->state->memory.same_readings < SAME_READINGS ||
	       session->target.processes.count < MANY_PROCESSES ||
	       ((unsigned)process->pid + session->ticks.taken) % TURNS == 0;
}

static void sampling_take_all(struct session *session, bool records_each)
{
	size_t cursor = 0;
	struct process *process;
	uint64_t sum_bytes = 0;
	bool is_any = false;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		uint64_t bytes;
		if (!sampling_is_due(session, process)) {
			sum_bytes += process->state->memory.last_bytes;
			continue;
		}
		if (!process_read_memory(session, process, &bytes))
			continue;
		process->state->memory.same_readings =
			bytes == process->state->memory.last_bytes
				? process->state->memory.same_readings + 1
				: 0;
		process->state->memory.last_bytes = bytes;
		sum_bytes += bytes;
		is_any = true;
		if (records_each)
			sampling_record(session, process, bytes);
	}
	if (session->options->sums_tree && is_any) {
		recorder_memory(session->recorder, clock_now_ns(), sum_bytes);
		sampling_raise_peak(session, sum_bytes);
	}
}

/* Said once: a single time may be somebody else's doing. */
static void sampling_tell_stretched(struct session *session)
{
	enum { IN_A_ROW = 5 };
	const struct tick_grid *ticks = &session->ticks;
	const struct metric_traits *traits = metric_traits(session->options->metric);
	const double ms = 1e6;

	if (session->stretch_was_told || ticks->stretches < IN_A_ROW)
		return;
	session->stretch_was_told = true;
	size_t count = session->target.processes.count;
	log_warning("reading the %s of %zu process%s takes %.3g ms, more than a quarter of the "
		    "interval of %.3g ms: a sample is taken every %.3g ms instead; take a longer "
		    "--interval%s",
		    traits->title, count, count == 1 ? "" : "es", (double)ticks->cost_ns / ms,
		    (double)ticks->interval_ns / ms,
		    (double)(ticks->to_skip + 1) * (double)ticks->interval_ns / ms,
		    traits->is_expensive ? ", or --backend rss, which is read in microseconds"
					 : "");
}

void sampling_tick(struct session *session, uint64_t passed)
{
	int64_t now_ns = clock_now_ns();

	if (!tick_grid_pass(&session->ticks, passed, now_ns))
		return;
	if (session->is_started)
		sampling_take_all(session, true);
	untraced_tick(session);
	tick_grid_spend(&session->ticks, clock_now_ns() - now_ns);
	sampling_tell_stretched(session);
	calls_at_attach_look(session);
	calls_note_open(session);
	recorder_flush_if_due(session->recorder, now_ns);
}

void sampling_take_one(struct session *session, struct process *process)
{
	const struct session_options *options = session->options;
	bool is_recorded = process->is_main ? !options->sums_tree : options->lists_children;
	uint64_t bytes;

	if (is_recorded && process_read_memory(session, process, &bytes))
		sampling_record(session, process, bytes);
	/* Where a reading is dear, the births and deaths of children must not cost one of everybody. */
	bool is_expensive = metric_traits(options->metric)->is_expensive;
	if (options->sums_tree && (process->is_main || !is_expensive))
		sampling_take_all(session, false);
}

void sampling_note_peak(struct session *session, const struct process *process, uint64_t bytes)
{
	if (process->is_main && !session->options->sums_tree)
		sampling_raise_peak(session, bytes);
}
