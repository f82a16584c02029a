/* Memory while a function was running; see function_peak.h. Plot layer. */
#include "plot/totals/function_peak.h"

struct peak_search {
	const struct profile_process *process;
	const struct series_peaks *peaks;
	int32_t index; /* of the process */
	bool is_sum; /* its samples are sums over all processes: each one's figure is part of them */
	double mib;  /* the highest so far */
};

static void raise_to(struct peak_search *peak, double mib)
{
	if (mib > peak->mib)
		peak->mib = mib;
}

/* What the process had at a time: its last sample before, until its end. */
static void raise_to_held(struct peak_search *peak, int64_t time_ns)
{
	if (peak->process->end_ns == PROFILE_TIME_UNKNOWN || peak->process->end_ns >= time_ns)
		raise_to(peak, series_held_mib(&peak->process->series, time_ns));
}

static void peak_of_call(struct peak_search *peak, const struct profile_call *call)
{
	bool is_own = call->process == peak->index;

	raise_to(peak, series_peaks_between(peak->peaks, call->in_ns, call->out_ns));
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

double function_peak_mib(const struct profile *profile, size_t process,
			 const struct series_peaks *peaks, const struct profile_function *function)
{
	struct peak_search peak = {
		.process = &profile->processes[process],
		.peaks = peaks,
		.index = (int32_t)process,
		.is_sum = process == 0 && profile->is_tree,
		.mib = -1,
	};

	for (size_t i = 0; i < function->call_count; i++) {
		if (process_counts(&peak, function->calls[i].process))
			peak_of_call(&peak, &function->calls[i]);
	}
	for (size_t i = 0; i < function->condensed_count; i++) {
		if (process_counts(&peak, function->condensed[i].process))
			peak_of_condensed(&peak, &function->condensed[i]);
	}
	return peak.mib;
}
