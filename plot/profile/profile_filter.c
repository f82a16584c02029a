/* What is left out of a profile; see profile_filter.h. Plot layer. */
#include "plot/profile/profile_filter.h"

#include <stdlib.h>
#include <string.h>

size_t profile_keep_functions(struct profile *profile, bool (*wants)(void *data, const char *name),
			      void *data)
{
	size_t kept = 0;

	for (size_t i = 0; i < profile->function_count; i++) {
		struct profile_function *function = &profile->functions[i];
		function->is_hidden = function->is_hidden || !wants(data, function->name);
		kept += !function->is_hidden;
	}
	for (size_t i = 0; i < profile->marker_count; i++) {
		struct marker *marker = &profile->markers[i];
		marker->is_hidden = marker->is_hidden || !wants(data, marker->name);
		kept += !marker->is_hidden;
	}
	return kept;
}

static bool is_wanted(const struct profile *profile, size_t process, const int32_t *pids,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (profile->processes[process].pid == pids[i])
			return true;
	}
	return false;
}

static void keep_calls(struct profile_function *function, const bool *wanted)
{
	size_t calls = 0, condensed = 0;

	for (size_t i = 0; i < function->call_count; i++) {
		if (wanted[function->calls[i].process])
			function->calls[calls++] = function->calls[i];
	}
	for (size_t i = 0; i < function->condensed_count; i++) {
		if (wanted[function->condensed[i].process])
			function->condensed[condensed++] = function->condensed[i];
	}
	function->call_count = calls;
	function->condensed_count = condensed;
	function->is_hidden = function->is_hidden || calls + condensed == 0;
}

static void keep_moments(struct marker *marker, const bool *wanted)
{
	size_t kept = 0;

	for (size_t i = 0; i < marker->count; i++) {
		if (wanted[marker->moments[i].process])
			marker->moments[kept++] = marker->moments[i];
	}
	marker->count = kept;
	marker->is_hidden = marker->is_hidden || kept == 0;
}

size_t profile_keep_processes(struct profile *profile, const int32_t *pids, size_t count)
{
	bool *wanted = calloc(profile->process_count, sizeof(*wanted));
	size_t found = 0;

	if (wanted == NULL)
		return 0;
	profile->together_ns = PROFILE_TIME_UNKNOWN;
	for (size_t i = 0; i < profile->process_count; i++) {
		struct profile_process *process = &profile->processes[i];
		wanted[i] = is_wanted(profile, i, pids, count);
		if (wanted[i]) {
			found += process->highest_ns != PROFILE_TIME_UNKNOWN;
			continue;
		}
		process->is_hidden = true;
		series_deinit(&process->series);
		process->exact_peak_mib = -1;
		process->highest_ns = PROFILE_TIME_UNKNOWN;
	}
	for (size_t i = 0; i < profile->function_count; i++)
		keep_calls(&profile->functions[i], wanted);
	for (size_t i = 0; i < profile->marker_count; i++)
		keep_moments(&profile->markers[i], wanted);
	profile_stacks_keep(&profile->stacks, wanted);
	free(wanted);
	return found;
}

/* The sum of its samples in the range, which a reduced series has kept on the way. */
static void sum_again(struct series *series)
{
	struct trend trend = { 0 };

	for (size_t i = 0; i < series->count && !series->is_reduced; i++)
		trend_add(&trend, series->time_ns[i], series->mib[i]);
	if (!series->is_reduced)
		series->trend = trend;
	series->total = series->trend.count;
}

static void find_highest(struct series *series)
{
	for (size_t i = 0; i < series->count; i++) {
		if (i > 0 && series->mib[i] <= series->highest_mib)
			continue;
		series->highest_mib = series->mib[i];
		series->highest_ns = series->time_ns[i];
	}
}

/* @is_held: what it was before is what it is at @from_ns, whether or not anything follows. */
static void cut_series(struct series *series, const struct profile_process *process, bool is_held,
		       int64_t from_ns, int64_t to_ns)
{
	size_t first = series_find(series, from_ns);
	size_t end = to_ns < INT64_MAX ? series_find(series, to_ns + 1) : series->count;
	bool is_there = first > 0 && (process->end_ns != PROFILE_TIME_UNKNOWN
					      ? process->end_ns >= from_ns
					      : is_held || first < series->count);
	bool has_first = first < end && series->time_ns[first] == from_ns;

	memmove(series->time_ns, series->time_ns + first, (end - first) * sizeof(*series->time_ns));
	double held_mib = first > 0 ? series->mib[first - 1] : 0;
	memmove(series->mib, series->mib + first, (end - first) * sizeof(*series->mib));
	series->count = end - first;
	sum_again(series);
	if (is_there && !has_first) {
		/* There is room: it was one of those before. */
		memmove(series->time_ns + 1, series->time_ns,
			series->count * sizeof(*series->time_ns));
		memmove(series->mib + 1, series->mib, series->count * sizeof(*series->mib));
		series->time_ns[0] = from_ns;
		series->mib[0] = held_mib;
		series->count++;
	}
	find_highest(series);
	series->first_ns = series->count > 0 ? series->time_ns[0] : 0;
	series->last_ns = series->count > 0 ? series->time_ns[series->count - 1] : 0;
}

static void keep_samples(struct profile_process *process, int64_t from_ns, int64_t to_ns)
{
	struct series *series = &process->series;

	process->exact_peak_mib = -1;
	if (series->count == 0)
		return;
	cut_series(series, process, false, from_ns, to_ns);
	process->highest_mib = series->count > 0 ? series->highest_mib : 0;
	process->highest_ns = series->count > 0 ? series->highest_ns : PROFILE_TIME_UNKNOWN;
}

struct window {
	int64_t from_ns, to_ns;
};

static void note_memory(struct profile *profile, int32_t index, int64_t at_ns, double mib,
			const struct window *window)
{
	struct profile_process *process = &profile->processes[index];

	/* Where the file has sums only, a child has no curve, and its calls make none. */
	if (at_ns < window->from_ns || at_ns > window->to_ns ||
	    (profile->is_tree && process->series.count == 0))
		return;
	if (process->highest_ns == PROFILE_TIME_UNKNOWN || mib > process->highest_mib) {
		process->highest_mib = mib;
		process->highest_ns = at_ns;
	}
}

static void keep_active(struct profile *profile, struct profile_function *function,
			const struct window *window)
{
	size_t calls = 0, condensed = 0;

	for (size_t i = 0; i < function->call_count; i++) {
		const struct profile_call *call = &function->calls[i];
		if (call->out_ns < window->from_ns || call->in_ns > window->to_ns)
			continue;
		note_memory(profile, call->process, call->in_ns, call->mib_in, window);
		if (call->how != CALL_OPEN)
			note_memory(profile, call->process, call->out_ns, call->mib_out, window);
		function->calls[calls++] = *call;
	}
	for (size_t i = 0; i < function->condensed_count; i++) {
		if (function->condensed[i].to_ns >= window->from_ns &&
		    function->condensed[i].from_ns <= window->to_ns)
			function->condensed[condensed++] = function->condensed[i];
	}
	function->call_count = calls;
	function->condensed_count = condensed;
	function->is_hidden = function->is_hidden || calls + condensed == 0;
}

/* Of what lies partly within, a share. */
static void keep_grown(struct profile_stacks *stacks, const struct window *window)
{
	size_t kept = 0;

	for (size_t i = 0; i < stacks->grown_count; i++) {
		struct grown_stack grown = stacks->grown[i];
		int64_t from_ns = grown.from_ns > window->from_ns ? grown.from_ns : window->from_ns;
		int64_t to_ns = grown.to_ns < window->to_ns ? grown.to_ns : window->to_ns;
		if (from_ns > to_ns)
			continue;
		double share =
			grown.to_ns > grown.from_ns
				? (double)(to_ns - from_ns) / (double)(grown.to_ns - grown.from_ns)
				: 1;
		grown.mib *= share;
		grown.faults = (uint64_t)((double)grown.faults * share);
		stacks->grown[kept++] = grown;
	}
	stacks->grown_count = kept;
}

void profile_keep_window(struct profile *profile, int64_t from_ns, int64_t to_ns)
{
	const struct window window = { from_ns, to_ns };

	profile->together_ns = PROFILE_TIME_UNKNOWN;
	for (size_t i = 0; i < profile->process_count; i++)
		keep_samples(&profile->processes[i], from_ns, to_ns);
	/* Companions are looked at within it by who asks: a sum needs its points on either side. */
	for (size_t i = 0; i < profile->parts.count; i++) {
		struct profile_track *part = &profile->parts.tracks[i];
		if (part->series.count > 0)
			cut_series(&part->series, &profile->processes[part->process], true, from_ns,
				   to_ns);
	}
	for (size_t i = 0; i < profile->function_count; i++)
		keep_active(profile, &profile->functions[i], &window);
	keep_grown(&profile->stacks, &window);
	for (size_t i = 0; i < profile->marker_count; i++) {
		struct marker *marker = &profile->markers[i];
		size_t kept = 0;
		for (size_t k = 0; k < marker->count; k++) {
			if (marker->moments[k].at_ns >= from_ns &&
			    marker->moments[k].at_ns <= to_ns)
				marker->moments[kept++] = marker->moments[k];
		}
		marker->count = kept;
		marker->is_hidden = marker->is_hidden || kept == 0;
	}
}
