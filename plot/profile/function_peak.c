/* Memory while a function was running; see function_peak.h. Plot layer. */
#include "plot/profile/function_peak.h"

#include <stdlib.h>

static int call_compare(const void *a, const void *b)
{
	const struct profile_call *one = a, *other = b;

	if (one->process != other->process)
		return one->process < other->process ? -1 : 1;
	return one->in_ns < other->in_ns ? -1 : one->in_ns > other->in_ns;
}

static void raise_to(double *peak_mib, double mib)
{
	if (mib > *peak_mib)
		*peak_mib = mib;
}

/*
 * @calls in order of process and start: overlapping calls go over the series once, because each
 * starts to look where the one before has ended.
 */
static void peak_of_calls(const struct profile *profile, const struct profile_call *calls,
			  size_t count, double *peak_mib)
{
	size_t next = 0; /* sample */

	for (size_t i = 0; i < count; i++) {
		/* In a sum over processes the samples are the main series'. */
		int32_t process = profile->is_tree ? 0 : calls[i].process;
		const struct series *series = &profile->processes[process].series;
		if (i == 0 || calls[i].process != calls[i - 1].process)
			next = 0;
		size_t first = series_find(series, calls[i].in_ns);
		next = first > next ? first : next;
		for (; next < series->count && series->time_ns[next] <= calls[i].out_ns; next++)
			raise_to(peak_mib, series->mib[next]);
		raise_to(peak_mib, calls[i].mib_in);
		if (calls[i].how != CALL_OPEN)
			raise_to(peak_mib, calls[i].mib_out);
	}
}

struct error *function_peak_mib(const struct profile *profile,
				const struct profile_function *function, double *ret)
{
	size_t count = function->call_count;
	struct profile_call *sorted = calloc(count + 1, sizeof(*sorted));

	if (sorted == NULL)
		return error_no_memory();
	for (size_t i = 0; i < count; i++)
		sorted[i] = function->calls[i];
	qsort(sorted, count, sizeof(*sorted), call_compare);
	*ret = 0;
	peak_of_calls(profile, sorted, count, ret);
	for (size_t i = 0; i < function->condensed_count; i++)
		raise_to(ret, function->condensed[i].mib_max);
	free(sorted);
	return NULL;
}
