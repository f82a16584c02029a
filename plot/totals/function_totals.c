/* Sums over the calls of functions; see function_totals.h. Plot layer. */
#include "plot/totals/function_totals.h"

#include <math.h>
#include <stdlib.h>

#include "plot/profile/call_summary.h"
#include "plot/totals/series_peaks.h"

/* Damaged files claim any durations; a sum that is too long to say stays the longest there is. */
static int64_t sum_saturated(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static void note_time(struct function_totals *totals, int64_t from_ns, int64_t to_ns)
{
	if (totals->first_ns == PROFILE_TIME_UNKNOWN || from_ns < totals->first_ns)
		totals->first_ns = from_ns;
	if (totals->last_ns == PROFILE_TIME_UNKNOWN || to_ns > totals->last_ns)
		totals->last_ns = to_ns;
}

static void note_durations(struct function_totals *totals, int64_t shortest_ns, int64_t longest_ns)
{
	if (totals->shortest_ns < 0 || shortest_ns < totals->shortest_ns)
		totals->shortest_ns = shortest_ns;
	if (longest_ns > totals->longest_ns)
		totals->longest_ns = longest_ns;
}

static void note_change(struct function_totals *totals, double mib)
{
	if (mib > 0)
		totals->gained_mib += mib;
	else
		totals->released_mib -= mib;
}

static void raise_to(struct function_totals *totals, double mib)
{
	if (mib > totals->highest_mib)
		totals->highest_mib = mib;
}

static void add_outer(struct function_totals *totals, const struct profile *profile,
		      const struct profile_call *call, size_t index)
{
	double gained_mib = call->mib_out - call->mib_in;

	totals->total_ns = sum_saturated(totals->total_ns, call->out_ns - call->in_ns);
	note_change(totals, gained_mib);
	if (!(gained_mib > totals->worst.gained_mib))
		return;
	totals->worst = (struct worst_call){
		.is_known = true,
		.call = index,
		.gained_mib = gained_mib,
		.in_ns = call->in_ns,
		.process = call->process,
		.pid = profile->processes[call->process].pid,
		.tid = call->tid,
	};
}

static void add_call(struct function_totals *totals, const struct profile_call *call,
		     double *sum_ns)
{
	int64_t duration_ns = call->out_ns - call->in_ns;

	totals->calls++;
	totals->open_calls += call->how == CALL_OPEN;
	totals->unwound_calls += call->how == CALL_UNWOUND;
	totals->held_calls += call->held != CALL_HELD_NONE;
	*sum_ns += (double)duration_ns;
	note_time(totals, call->in_ns, call->out_ns);
	note_durations(totals, duration_ns, duration_ns);
	raise_to(totals, call->mib_in);
	if (call->how != CALL_OPEN)
		raise_to(totals, call->mib_out);
}

static void add_window(struct function_totals *totals, const struct condensed_calls *many,
		       double *sum_ns)
{
	totals->calls += many->count;
	totals->condensed_calls += many->count;
	totals->held_calls += many->held_count;
	totals->total_ns = sum_saturated(totals->total_ns, many->total_ns);
	totals->self_ns = sum_saturated(totals->self_ns, many->total_ns);
	*sum_ns += (double)many->total_ns;
	note_time(totals, many->from_ns, many->to_ns);
	note_durations(totals, many->shortest_ns, many->longest_ns);
	note_change(totals, many->mib_gained);
	raise_to(totals, many->mib_max);
}

struct error *function_totals_sum(struct function_totals *totals, const struct profile *profile,
				  const struct profile_function *function, int64_t from_ns,
				  int64_t to_ns)
{
	double sum_ns = 0;
	bool *outer;

	*totals = (struct function_totals){
		.first_ns = PROFILE_TIME_UNKNOWN,
		.last_ns = PROFILE_TIME_UNKNOWN,
		.shortest_ns = -1,
		.highest_mib = -1,
	};
	struct error *err = calls_find_outer(function, &outer);
	if (err != NULL)
		return err;
	for (size_t i = 0; i < function->call_count; i++) {
		const struct profile_call *call = &function->calls[i];
		if (!times_overlap(call->in_ns, call->out_ns, from_ns, to_ns))
			continue;
		if (call->how == CALL_FORKED) {
			totals->inherited_calls++;
			continue;
		}
		add_call(totals, call, &sum_ns);
		if (outer[i])
			add_outer(totals, profile, call, i);
	}
	free(outer);
	for (size_t i = 0; i < function->condensed_count; i++) {
		const struct condensed_calls *many = &function->condensed[i];
		if (times_overlap(many->from_ns, many->to_ns, from_ns, to_ns))
			add_window(totals, many, &sum_ns);
	}
	totals->net_mib = totals->gained_mib - totals->released_mib;
	if (totals->shortest_ns < 0)
		totals->shortest_ns = 0;
	if (totals->calls > 0)
		totals->mean_ns =
			llround(fmin(sum_ns / (double)totals->calls, 0x1.fffffffffffffp62));
	return NULL;
}

/* What lies directly within a call is its own time no more. Sums on the way may be longer than the end. */
static struct error *find_self(struct function_totals *totals, const struct profile *profile,
			       const struct call_nesting *nesting)
{
	__int128 *self_ns = calloc(profile->function_count + 1, sizeof(*self_ns));

	if (self_ns == NULL)
		return error_no_memory();
	for (size_t i = 0; i < nesting->count; i++) {
		const struct profile_call *call = call_nesting_at(profile, nesting, i);
		uint32_t parent = nesting->parents[i];
		if (call->how == CALL_FORKED)
			continue;
		self_ns[nesting->calls[i].function] += call->out_ns - call->in_ns;
		if (parent != CALL_NESTING_ROOT &&
		    call_nesting_at(profile, nesting, parent)->how != CALL_FORKED)
			self_ns[nesting->calls[parent].function] -= call->out_ns - call->in_ns;
	}
	for (size_t i = 0; i < profile->function_count; i++) {
		/* Calls that overlap without one being within the other (coroutines) take off too much. */
		int64_t own_ns = self_ns[i] < 0		  ? 0
				 : self_ns[i] > INT64_MAX ? INT64_MAX
							  : (int64_t)self_ns[i];
		totals[i].self_ns = sum_saturated(totals[i].self_ns, own_ns);
	}
	free(self_ns);
	return NULL;
}

/* The time of condensed calls of each process. */
struct condensed_time {
	int64_t from_ns, to_ns; /* from after to: there are none */
};

static void find_condensed(struct condensed_time *times, const struct profile *profile)
{
	for (size_t i = 0; i < profile->process_count; i++)
		times[i] = (struct condensed_time){ INT64_MAX, INT64_MIN };
	for (size_t i = 0; i < profile->function_count; i++) {
		const struct profile_function *function = &profile->functions[i];
		for (size_t k = 0; k < function->condensed_count; k++) {
			const struct condensed_calls *many = &function->condensed[k];
			struct condensed_time *time = &times[many->process];
			time->from_ns =
				many->from_ns < time->from_ns ? many->from_ns : time->from_ns;
			time->to_ns = many->to_ns > time->to_ns ? many->to_ns : time->to_ns;
		}
	}
}

static struct error *find_bounds(struct function_totals *totals, const struct profile *profile)
{
	struct condensed_time *times = calloc(profile->process_count, sizeof(*times));

	if (times == NULL)
		return error_no_memory();
	find_condensed(times, profile);
	for (size_t i = 0; i < profile->function_count; i++) {
		const struct profile_function *function = &profile->functions[i];
		totals[i].is_self_at_most = function->condensed_count > 0;
		for (size_t k = 0; k < function->call_count && !totals[i].is_self_at_most; k++) {
			const struct profile_call *call = &function->calls[k];
			const struct condensed_time *time = &times[call->process];
			totals[i].is_self_at_most = call->how != CALL_FORKED &&
						    call->in_ns <= time->to_ns &&
						    call->out_ns >= time->from_ns;
		}
	}
	free(times);
	return NULL;
}

/* Samples of one process, its calls being those of the threads from @first on; returns the thread behind. */
static size_t raise_to_samples(struct function_totals *totals, const struct profile *profile,
			       const struct call_nesting *nesting, size_t first,
			       const struct series_peaks *peaks)
{
	int32_t process = nesting->threads[first].process;
	size_t thread = first;

	for (; thread < nesting->thread_count && nesting->threads[thread].process == process;
	     thread++) {
		size_t begin = nesting->threads[thread].first;
		for (size_t i = begin; i < begin + nesting->threads[thread].count; i++) {
			const struct profile_call *call = call_nesting_at(profile, nesting, i);
			struct function_totals *own = &totals[nesting->calls[i].function];
			if (call->how == CALL_FORKED)
				continue;
			raise_to(own, series_peaks_between(peaks, call->in_ns, call->out_ns));
			/* The other processes' part of a sum is known of the sample before. */
			if (profile->is_tree)
				raise_to(own, series_held_mib(peaks->series, call->in_ns));
		}
	}
	return thread;
}

static struct error *find_highest(struct function_totals *totals, const struct profile *profile,
				  const struct call_nesting *nesting)
{
	struct series_peaks peaks = { 0 };
	struct error *err = NULL;

	for (size_t thread = 0; err == NULL && thread < nesting->thread_count;) {
		size_t process = profile->is_tree ? 0 : (size_t)nesting->threads[thread].process;
		const struct series *series = &profile->processes[process].series;
		if (peaks.series != series)
			err = series_peaks_build(&peaks, series);
		if (err == NULL)
			thread = raise_to_samples(totals, profile, nesting, thread, &peaks);
	}
	series_peaks_deinit(&peaks);
	return err;
}

struct error *function_totals_create(const struct profile *profile,
				     const struct call_nesting *nesting,
				     struct function_totals **ret)
{
	struct function_totals *totals = calloc(profile->function_count + 1, sizeof(*totals));
	struct error *err = totals == NULL ? error_no_memory() : NULL;

	for (size_t i = 0; err == NULL && i < profile->function_count; i++)
		err = function_totals_sum(&totals[i], profile, &profile->functions[i], INT64_MIN,
					  INT64_MAX);
	if (err == NULL)
		err = find_self(totals, profile, nesting);
	if (err == NULL)
		err = find_bounds(totals, profile);
	if (err == NULL)
		err = find_highest(totals, profile, nesting);
	if (err != NULL)
		free(totals);
	else
		*ret = totals;
	return err;
}
