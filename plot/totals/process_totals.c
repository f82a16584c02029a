/* Figures of processes; see process_totals.h. Plot layer. */
#include "plot/totals/process_totals.h"

#include <stdlib.h>

#include "plot/profile/profile_peak.h"

static void widen(struct process_totals *totals, int64_t from_ns, int64_t to_ns)
{
	if (totals->start_ns == PROFILE_TIME_UNKNOWN || from_ns < totals->start_ns)
		totals->start_ns = from_ns;
	if (totals->end_ns == PROFILE_TIME_UNKNOWN || to_ns > totals->end_ns)
		totals->end_ns = to_ns;
}

/* Where the file does not say when a process began and ended, what it did tells of a part of its life. */
static void find_lives(struct process_totals *totals, const struct profile *profile)
{
	for (size_t i = 0; i < profile->process_count; i++) {
		const struct series *series = &profile->processes[i].series;
		if (series->total > 0)
			widen(&totals[i], series->first_ns, series->last_ns);
	}
	for (size_t i = 0; i < profile->function_count; i++) {
		const struct profile_function *function = &profile->functions[i];
		for (size_t k = 0; k < function->call_count; k++) {
			const struct profile_call *call = &function->calls[k];
			widen(&totals[call->process], call->in_ns, call->out_ns);
		}
		for (size_t k = 0; k < function->condensed_count; k++) {
			const struct condensed_calls *many = &function->condensed[k];
			widen(&totals[many->process], many->from_ns, many->to_ns);
		}
	}
}

static void take_life(struct process_totals *totals, const struct profile_process *process)
{
	totals->has_ended = process->end_ns != PROFILE_TIME_UNKNOWN;
	if (process->start_ns != PROFILE_TIME_UNKNOWN)
		totals->start_ns = process->start_ns;
	if (totals->has_ended)
		totals->end_ns = process->end_ns;
	/* A damaged file may say that it ended before it began. */
	if (totals->end_ns < totals->start_ns)
		totals->end_ns = totals->start_ns;
}

static void take_memory(struct process_totals *totals, const struct profile *profile, size_t index)
{
	const struct profile_process *process = &profile->processes[index];
	const struct series *series = &process->series;
	bool is_seen = process->highest_ns != PROFILE_TIME_UNKNOWN;
	struct trend_line line;

	totals->samples = series->total;
	totals->seen_mib = is_seen ? process->highest_mib : -1;
	totals->seen_ns = process->highest_ns;
	totals->peak_mib =
		profile_peak_mib(profile, index, totals->seen_mib, &totals->is_peak_exact);
	totals->first_mib = series->count > 0 ? series->mib[0] : -1;
	totals->last_mib = series->count > 0 ? series->mib[series->count - 1] : -1;
	totals->has_slope = trend_line(&series->trend, &line);
	totals->slope_mib_per_s = totals->has_slope ? line.mib_per_s : 0;
}

struct error *process_totals_create(const struct profile *profile, struct process_totals **ret)
{
	struct process_totals *totals = calloc(profile->process_count, sizeof(*totals));

	if (totals == NULL)
		return error_no_memory();
	for (size_t i = 0; i < profile->process_count; i++)
		totals[i] = (struct process_totals){
			.pid = profile->processes[i].pid,
			.parent_pid = profile->processes[i].parent_pid,
			.command = profile->processes[i].command,
			.is_sum = i == 0 && profile->is_tree,
			.start_ns = PROFILE_TIME_UNKNOWN,
			.end_ns = PROFILE_TIME_UNKNOWN,
			.status = profile->processes[i].status,
		};
	find_lives(totals, profile);
	for (size_t i = 0; i < profile->process_count; i++) {
		take_life(&totals[i], &profile->processes[i]);
		take_memory(&totals[i], profile, i);
	}
	*ret = totals;
	return NULL;
}

bool process_totals_has_memory(const struct process_totals *totals)
{
	return totals->seen_ns != PROFILE_TIME_UNKNOWN || totals->is_peak_exact;
}
