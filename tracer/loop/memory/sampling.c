/* Memory of all processes; see sampling.h. Loop layer. */
#include "tracer/loop/memory/sampling.h"

#include "tracer/base/clock.h"
#include "tracer/loop/memory/process_memory.h"

static void sampling_raise_peak(struct session *session, uint64_t bytes)
{
	if (bytes > session->counts.peak_bytes)
		session->counts.peak_bytes = bytes;
}

/* False: there is nothing to be read of it (any more). */
static bool process_read_memory(struct session *session, struct process *process,
				uint64_t *ret_bytes)
{
	if (!process_memory_is_sampled(process) || process->shares_memory)
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

static bool sampling_read(void *context, struct sampled_process *sampled, uint64_t *ret_bytes)
{
	return process_read_memory(context, sampled->owner, ret_bytes);
}

static void sampling_record_each(void *context, const struct sampled_process *sampled,
				 uint64_t bytes)
{
	sampling_record(context, sampled->owner, bytes);
}

void sampling_take_all(struct session *session, bool records_each)
{
	const struct sampler_hooks hooks = { session, sampling_read,
					     records_each ? sampling_record_each : NULL };
	bool is_any;
	uint64_t sum_bytes = sampler_take(&session->sampler, &hooks, &is_any);

	if (session->options->sums_tree && is_any) {
		recorder_memory(session->recorder, clock_now_ns(), sum_bytes);
		sampling_raise_peak(session, sum_bytes);
	}
}

void sampling_take_one(struct session *session, struct process *process)
{
	const struct session_options *options = session->options;
	bool is_recorded = process->is_main ? !options->sums_tree : options->lists_children;
	uint64_t bytes;

	if (is_recorded && process_read_memory(session, process, &bytes))
		sampling_record(session, process, bytes);
	/* Where a reading is expensive, births and deaths of children must not cost one of all processes. */
	bool is_expensive = metric_traits(options->metric)->is_expensive;
	if (options->sums_tree && (process->is_main || !is_expensive))
		sampling_take_all(session, false);
}

void sampling_note_peak(struct session *session, const struct process *process, uint64_t bytes)
{
	if (process->is_main && !session->options->sums_tree)
		sampling_raise_peak(session, bytes);
}
