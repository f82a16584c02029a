/* Memory that rises within calls; see call_increase.h. Plot layer. */
#include "plot/totals/call_increase.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/profile/call_summary.h"
#include "plot/profile/metric_label.h"
#include "plot/totals/series_peaks.h"
#include "tracer/base/array.h"

/* An outer call of some function. */
struct outer_call {
	const struct profile_call *call;
	uint32_t function;
};

struct reading {
	int64_t at_ns;
	double mib;
};

struct calculation {
	const struct profile *profile;
	const struct mark_list *marks; /* NULL: none were read at calls */
	struct call_increase *increases;
	double *sums_mib;	  /* of each function */
	struct outer_call *outer; /* by process */
	size_t outer_count, outer_capacity;
	struct reading *readings; /* of one process */
	size_t reading_count, reading_capacity;
};

static int compare_processes(const void *a, const void *b)
{
	const struct outer_call *one = a, *other = b;

	return one->call->process < other->call->process
		       ? -1
		       : one->call->process > other->call->process;
}

static int compare_readings(const void *a, const void *b)
{
	const struct reading *one = a, *other = b;

	return one->at_ns < other->at_ns ? -1 : one->at_ns > other->at_ns;
}

static struct error *find_outer(struct calculation *c, uint32_t index)
{
	const struct profile_function *function = &c->profile->functions[index];
	bool *is_outer;

	struct error *err = calls_find_outer(function, &is_outer);
	if (err != NULL)
		return err;
	err = array_reserve(&c->outer, &c->outer_capacity,
			    c->outer_count + function->call_count + 1, sizeof(*c->outer));
	for (size_t i = 0; err == NULL && i < function->call_count; i++) {
		if (is_outer[i])
			c->outer[c->outer_count++] =
				(struct outer_call){ &function->calls[i], index };
	}
	free(is_outer);
	for (size_t i = 0; i < function->condensed_count; i++)
		c->increases[index].condensed_calls += function->condensed[i].count;
	return err;
}

static void put_reading(struct calculation *c, int64_t at_ns, double mib)
{
	c->readings[c->reading_count++] = (struct reading){ at_ns, mib };
}

/* All that is known of the memory of @process, by time. Inner calls of a function say no more than outer ones. */
static struct error *collect_readings(struct calculation *c, size_t process,
				      const struct outer_call *calls, size_t call_count)
{
	const struct series *series = &c->profile->processes[process].series;
	size_t samples = c->profile->is_tree && process == 0 ? 0 : series->count;

	c->reading_count = 0;
	struct error *err = array_reserve(&c->readings, &c->reading_capacity,
					  samples + 2 * call_count + 1, sizeof(*c->readings));
	if (err != NULL)
		return err;
	for (size_t i = 0; i < samples; i++)
		put_reading(c, series->time_ns[i], series->mib[i]);
	for (size_t i = 0; i < call_count; i++) {
		const struct profile_call *call = calls[i].call;
		put_reading(c, call->in_ns, call->mib_in);
		if (call->how != CALL_OPEN)
			put_reading(c, call->out_ns, call->mib_out);
	}
	qsort(c->readings, c->reading_count, sizeof(*c->readings), compare_readings);
	return NULL;
}

static struct error *make_series(const struct calculation *c, struct series *ret)
{
	struct error *err = NULL;

	*ret = (struct series){ 0 };
	for (size_t i = 0; err == NULL && i < c->reading_count; i++)
		err = series_add(ret, NULL, c->readings[i].at_ns, c->readings[i].mib);
	series_finish(ret, NULL);
	return err;
}

/* NAN: the kernel's mark is not known. */
static double mark_mib(const struct profile *profile, size_t process)
{
	double mib = profile->processes[process].exact_peak_mib;

	return mib >= 0 && metric_has_peak(profile) ? mib : NAN;
}

/*
 * @mark: of all of the process's life. Returns the highest that it can have had within the call; raises
 * *@highest_mib to what it is known to have had.
 */
static double bound_of_call(const struct calculation *c, const struct profile_call *call,
			    double mark, double *highest_mib)
{
	double before =
		c->marks == NULL ? -1 : mark_list_before(c->marks, call->process, call->in_ns);

	if (before < 0)
		return mark;
	/* Where it has not returned nobody has looked at its end: the next look is later. */
	bool is_returned = call->how == CALL_RETURNED;
	double behind = is_returned ? mark_list_before(c->marks, call->process, call->out_ns)
				    : mark_list_after(c->marks, call->process, call->out_ns);
	if (behind < 0)
		return mark;
	if (is_returned && behind > before)
		*highest_mib = fmax(*highest_mib, behind);
	return fmax(before, behind);
}

static void add_call(struct calculation *c, const struct outer_call *outer, double highest_mib,
		     double mark)
{
	const struct profile_call *call = outer->call;
	struct call_increase *increase = &c->increases[outer->function];

	mark = bound_of_call(c, call, mark, &highest_mib);
	/* What is seen may be higher than the mark by what readings lag behind (memory_usage.h). */
	double bound_mib = isnan(mark) ? NAN : fmax(mark, highest_mib) - call->mib_in;
	bool is_first = increase->calls++ == 0;

	increase->held_calls += call->held != CALL_HELD_NONE;
	c->sums_mib[outer->function] += highest_mib - call->mib_in;
	if (is_first || highest_mib - call->mib_in > increase->highest_mib)
		increase->highest_mib = highest_mib - call->mib_in;
	if (is_first || isnan(bound_mib) || bound_mib > increase->bound_mib)
		increase->bound_mib = bound_mib;
}

static struct error *add_process(struct calculation *c, const struct outer_call *calls,
				 size_t count)
{
	size_t process = (size_t)calls->call->process;
	double mark = mark_mib(c->profile, process);
	struct series_peaks peaks = { 0 };
	struct series series;

	struct error *err = collect_readings(c, process, calls, count);
	if (err == NULL) {
		err = make_series(c, &series);
		if (err == NULL)
			err = series_peaks_build(&peaks, &series);
		for (size_t i = 0; err == NULL && i < count; i++) {
			const struct profile_call *call = calls[i].call;
			double mib = series_peaks_between(&peaks, call->in_ns, call->out_ns);
			add_call(c, &calls[i], fmax(mib, call->mib_in), mark);
		}
		series_peaks_deinit(&peaks);
		series_deinit(&series);
	}
	return err;
}

static struct error *add_all(struct calculation *c)
{
	struct error *err = NULL;

	for (uint32_t i = 0; err == NULL && i < c->profile->function_count; i++)
		err = find_outer(c, i);
	if (err != NULL)
		return err;
	if (c->outer_count > 0)
		qsort(c->outer, c->outer_count, sizeof(*c->outer), compare_processes);
	for (size_t first = 0, next; err == NULL && first < c->outer_count; first = next) {
		int32_t process = c->outer[first].call->process;
		for (next = first + 1;
		     next < c->outer_count && c->outer[next].call->process == process;)
			next++;
		err = add_process(c, &c->outer[first], next - first);
	}
	return err;
}

struct error *call_increases_create(const struct profile *profile, const struct mark_list *marks,
				    struct call_increase **ret)
{
	size_t count = profile->function_count;
	struct calculation c = {
		.profile = profile,
		.marks = marks,
		.increases = calloc(count + 1, sizeof(*c.increases)),
		.sums_mib = calloc(count + 1, sizeof(*c.sums_mib)),
	};
	struct error *err = c.increases == NULL || c.sums_mib == NULL ? error_no_memory() : NULL;

	if (err == NULL)
		err = add_all(&c);
	for (size_t i = 0; err == NULL && i < count; i++) {
		struct call_increase *one = &c.increases[i];
		one->mean_mib = one->calls > 0 ? c.sums_mib[i] / (double)one->calls : NAN;
		if (one->calls == 0)
			one->highest_mib = one->bound_mib = NAN;
	}
	free(c.sums_mib);
	free(c.outer);
	free(c.readings);
	if (err != NULL)
		free(c.increases);
	else
		*ret = c.increases;
	return err;
}
