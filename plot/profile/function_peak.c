/* Memory while a function was running; see function_peak.h. Plot layer. */
#include "plot/profile/function_peak.h"

#include <stdlib.h>

struct peak_search {
	const struct profile_process *process;
	int32_t index; /* of the process */
	bool is_sum; /* its samples are sums over all processes: each one's figure is part of them */
	size_t next; /* sample to be looked at */
	double mib;  /* the highest so far */
};

static int call_compare(const void *a, const void *b)
{
	const struct profile_call *one = a, *other = b;

	return one->in_ns < other->in_ns ? -1 : one->in_ns > other->in_ns;
}

static void raise_to(struct peak_search *peak, double mib)
{
	if (mib > peak->mib)
		peak->mib = mib;
}

/* What the process had at a time: its last sample before, until its end. */
static void raise_to_held(struct peak_search *peak, int64_t time_ns)
{
	const struct series *series = &peak->process->series;
	size_t next = series_find(series, time_ns);

	if (peak->process->end_ns != PROFILE_TIME_UNKNOWN && peak->process->end_ns < time_ns)
		return;
	if (next < series->count && series->time_ns[next] == time_ns)
		raise_to(peak, series->mib[next]);
	else if (next > 0)
		raise_to(peak, series->mib[next - 1]);
}

/* Starts are in order: overlapping calls go over the series once. */
static void raise_to_samples(struct peak_search *peak, int64_t from_ns, int64_t to_ns)
{
	const struct series *series = &peak->process->series;
	size_t first = series_find(series, from_ns);

	peak->next = first > peak->next ? first : peak->next;
	for (; peak->next < series->count && series->time_ns[peak->next] <= to_ns; peak->next++)
		raise_to(peak, series->mib[peak->next]);
}

static void peak_of_call(struct peak_search *peak, const struct profile_call *call)
{
	bool is_own = call->process == peak->index;

	raise_to_samples(peak, call->in_ns, call->out_ns);
	if (!is_own || peak->is_sum)
		raise_to_held(peak, call->in_ns);
	if (!is_own && !peak->is_sum)
		return;
	raise_to(peak, call->mib_in);
	if (call->how != CALL_OPEN)
		raise_to(peak, call->mib_out);
}

/* Between two calls of a window anything may have been: only its start and end are in calls. */
static void peak_of_condensed(struct peak_search *peak, const struct condensed_calls *many)
{
	bool is_own = many->process == peak->index;

	if (!is_own || peak->is_sum) {
		raise_to_held(peak, many->from_ns);
		raise_to_held(peak, many->to_ns);
	}
	if (is_own || peak->is_sum)
		raise_to(peak, many->mib_max);
}

/* Of the main process those of all count. */
static bool process_counts(const struct peak_search *peak, int32_t process)
{
	return peak->index == 0 || process == peak->index;
}

struct error *function_peak_mib(const struct profile *profile, size_t process,
				const struct profile_function *function, double *ret)
{
	struct peak_search peak = {
		.process = &profile->processes[process],
		.index = (int32_t)process,
		.is_sum = process == 0 && profile->is_tree,
		.mib = -1,
	};
	size_t count = 0;
	struct profile_call *sorted = calloc(function->call_count + 1, sizeof(*sorted));

	if (sorted == NULL)
		return error_no_memory();
	for (size_t i = 0; i < function->call_count; i++) {
		if (process_counts(&peak, function->calls[i].process))
			sorted[count++] = function->calls[i];
	}
	qsort(sorted, count, sizeof(*sorted), call_compare);
	for (size_t i = 0; i < count; i++)
		peak_of_call(&peak, &sorted[i]);
	free(sorted);
	for (size_t i = 0; i < function->condensed_count; i++) {
		if (process_counts(&peak, function->condensed[i].process))
			peak_of_condensed(&peak, &function->condensed[i]);
	}
	*ret = peak.mib;
	return NULL;
}
