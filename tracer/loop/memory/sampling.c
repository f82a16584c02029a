/* Memory of all processes; see sampling.h. Loop layer. */
#include "tracer/loop/memory/sampling.h"

#include <string.h>

#include "tracer/base/clock.h"
#include "tracer/loop/memory/companions.h"
#include "tracer/loop/memory/parts.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/loop/state/process_state.h"

static void sampling_note_sum(struct session *session, uint64_t bytes)
{
	session->counts.tree_bytes = bytes;
	if (bytes <= session->counts.tree_peak_bytes)
		return;
	session->counts.tree_peak_bytes = bytes;
	session->counts.tree_peak_ns = clock_now_ns();
}

/* False: there is nothing to be read of it (any more). */
static bool process_read_memory(struct session *session, struct process *process,
				uint64_t *ret_bytes)
{
	if (!process_memory_is_sampled(process) || process->shares_memory)
		return false;
	/* That of the main process's cgroup is recorded, once. */
	if (metric_traits(session->options->metric)->is_cgroup && !process->is_main)
		return false;
	process_memory_update_added(session, process);
	return process_memory_take(session, process, ret_bytes);
}

/* What all have together changes with each of them, as for whoever adds up the file's samples. */
static void sampling_note_change(struct session *session, const struct process *process,
				 uint64_t bytes)
{
	uint64_t *summed_bytes = &process->state->memory.summed_bytes;
	uint64_t others_bytes = session->counts.tree_bytes - *summed_bytes;

	*summed_bytes = bytes;
	sampling_note_sum(session, others_bytes + bytes);
}

static void sampling_record(struct session *session, struct process *process, uint64_t bytes)
{
	const struct session_options *options = session->options;
	const int64_t time_ns = clock_now_ns();

	sampling_note_peak(session, process, bytes);
	parts_take(session, process, time_ns);
	companions_take(session, process, time_ns);
	if (!options->sums_tree)
		sampling_note_change(session, process, bytes);
	if (!process->is_main) {
		if (options->lists_children)
			recorder_child_memory(session->recorder, process->pid, time_ns, bytes);
		return;
	}
	if (options->sums_tree)
		return;
	recorder_memory(session->recorder, time_ns, bytes);
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

	if (session->is_waiting)
		return;
	uint64_t sum_bytes = sampler_take(&session->sampler, &hooks, &is_any);

	if (!is_any || !session->options->sums_tree)
		return;
	sampling_note_sum(session, sum_bytes);
	recorder_memory(session->recorder, clock_now_ns(), sum_bytes);
}

void sampling_take_one(struct session *session, struct process *process)
{
	const struct session_options *options = session->options;
	bool is_recorded = process->is_main ? !options->sums_tree : options->lists_children;
	uint64_t bytes;

	if (session->is_waiting)
		return;
	if (is_recorded && process_read_memory(session, process, &bytes))
		sampling_record(session, process, bytes);
	/* Where a reading is expensive, births and deaths of children must not cost one of all processes. */
	bool is_expensive = metric_traits(options->metric)->is_expensive;
	if (options->sums_tree && (process->is_main || !is_expensive))
		sampling_take_all(session, false);
}

void sampling_note_peak(struct session *session, const struct process *process, uint64_t bytes)
{
	struct process_peak *peak =
		process->is_main ? &session->counts.main_peak : &session->counts.child_peak;

	if (session->first_sample_ns == 0)
		session->first_sample_ns = clock_now_ns();
	if (bytes <= peak->bytes)
		return;
	peak->bytes = bytes;
	peak->pid = process->pid;
	memcpy(peak->name, process->name, sizeof(peak->name));
}
