/* What the tables of a live view list; see live_rows.h. Plot layer. */
#include "plot/live/live_rows.h"

#include <stdlib.h>

#include "plot/totals/call_nesting.h"
#include "tracer/base/array.h"

const char *const live_process_order_words[LIVE_PROCESS_ORDERS] = {
	[LIVE_PROCESS_MEMORY] = "memory",
	[LIVE_PROCESS_PEAK] = "peak",
	[LIVE_PROCESS_GROWTH] = "growth",
	[LIVE_PROCESS_PID] = "pid",
};

const char *const live_function_order_words[LIVE_FUNCTION_ORDERS] = {
	[LIVE_FUNCTION_TIME] = "time",
	[LIVE_FUNCTION_CALLS] = "calls",
	[LIVE_FUNCTION_GAINED] = "gained",
	[LIVE_FUNCTION_LONGEST] = "longest",
};

/* Growth is seen over so much time; who has not been sampled for so long, and many times, is gone. */
static const int64_t GROWTH_NS = 5000000000, GONE_NS = 3000000000;
enum { GONE_INTERVALS = 20 };

/* The greater first; what is equal keeps its order. */
static int descending(double one, double other, size_t one_place, size_t other_place)
{
	if (one != other)
		return one > other ? -1 : 1;
	return one_place < other_place ? -1 : one_place > other_place;
}

static double process_key(const struct live_process *process, enum live_process_order order)
{
	switch (order) {
	case LIVE_PROCESS_PEAK:
		return process->peak_mib;
	case LIVE_PROCESS_GROWTH:
		return process->growth_mib_per_s;
	case LIVE_PROCESS_PID:
		return 0;
	default:
		return process->now_mib;
	}
}

struct process_sorting {
	const struct profile *profile;
	enum live_process_order order;
};

static int process_compare(const void *a, const void *b, void *data)
{
	const struct live_process *one = a, *other = b;
	const struct process_sorting *sorting = data;

	if (sorting->order == LIVE_PROCESS_PID)
		return descending(sorting->profile->processes[other->process].pid,
				  sorting->profile->processes[one->process].pid, one->process,
				  other->process);
	return descending(process_key(one, sorting->order), process_key(other, sorting->order),
			  one->process, other->process);
}

static double function_key(const struct live_function *function, enum live_function_order order)
{
	switch (order) {
	case LIVE_FUNCTION_CALLS:
		return (double)function->totals.calls;
	case LIVE_FUNCTION_GAINED:
		return function->totals.net_mib;
	case LIVE_FUNCTION_LONGEST:
		return (double)function->totals.longest_ns;
	default:
		return (double)function->totals.total_ns;
	}
}

static int function_compare(const void *a, const void *b, void *order)
{
	const struct live_function *one = a, *other = b;
	enum live_function_order by = *(const enum live_function_order *)order;

	return descending(function_key(one, by), function_key(other, by), one->function,
			  other->function);
}

static int call_compare(const void *a, const void *b)
{
	const struct live_call *one = a, *other = b;

	if (one->since_ns != other->since_ns)
		return one->since_ns > other->since_ns ? -1 : 1;
	return one->function < other->function ? -1 : one->function > other->function;
}

static bool is_alive(const struct profile *profile, const struct profile_process *process)
{
	int64_t patience_ns = profile->interval_ns * GONE_INTERVALS;

	if (process->series.count == 0 || process->end_ns != PROFILE_TIME_UNKNOWN)
		return false;
	/* Files of mprof do not say when a process ended. */
	return profile->last_ns - process->series.last_ns <=
	       (patience_ns > GONE_NS ? patience_ns : GONE_NS);
}

static double growth_mib_per_s(const struct series *series)
{
	const double ns_per_s = 1e9;
	size_t last = series->count - 1;
	size_t from = series_find(series, series->time_ns[last] - GROWTH_NS);
	int64_t over_ns = series->time_ns[last] - series->time_ns[from];

	return over_ns > 0 ? (series->mib[last] - series->mib[from]) / (double)over_ns * ns_per_s
			   : 0;
}

static struct error *gather_processes(struct live_rows *rows, const struct profile *profile,
				      enum live_process_order order)
{
	struct process_sorting sorting = { profile, order };

	rows->processes = calloc(profile->process_count, sizeof(*rows->processes));
	if (rows->processes == NULL)
		return error_no_memory();
	for (size_t i = 0; i < profile->process_count; i++) {
		const struct profile_process *process = &profile->processes[i];
		const struct series *series = &process->series;
		if (!is_alive(profile, process))
			continue;
		double now_mib = series->mib[series->count - 1];
		/* Where the main series is the sum, its children are in it. */
		if (i == 0 || !profile->is_tree)
			rows->now_mib += now_mib;
		rows->processes[rows->process_count++] = (struct live_process){
			.process = i,
			.now_mib = now_mib,
			.peak_mib = process->highest_mib,
			.growth_mib_per_s = growth_mib_per_s(series),
		};
	}
	qsort_r(rows->processes, rows->process_count, sizeof(*rows->processes), process_compare,
		&sorting);
	return NULL;
}

static struct error *gather_functions(struct live_rows *rows, const struct profile *profile,
				      enum live_function_order order)
{
	struct function_totals *totals;
	struct call_nesting nesting;

	rows->functions = calloc(profile->function_count + 1, sizeof(*rows->functions));
	if (rows->functions == NULL)
		return error_no_memory();
	struct error *err = call_nesting_init(&nesting, profile);
	if (err != NULL)
		return err;
	err = function_totals_create(profile, &nesting, &totals);
	call_nesting_deinit(&nesting);
	if (err != NULL)
		return err;
	for (size_t i = 0; i < profile->function_count; i++) {
		rows->calls_made += totals[i].calls;
		if (totals[i].calls > 0)
			rows->functions[rows->function_count++] =
				(struct live_function){ i, totals[i] };
	}
	free(totals);
	qsort_r(rows->functions, rows->function_count, sizeof(*rows->functions), function_compare,
		&order);
	return NULL;
}

static struct error *gather_calls(struct live_rows *rows, const struct profile *profile)
{
	size_t capacity = 0;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < profile->function_count; i++) {
		const struct profile_function *function = &profile->functions[i];
		/* They are the last of their function's. */
		for (size_t k = function->call_count; err == NULL && k-- > 0;) {
			const struct profile_call *call = &function->calls[k];
			if (call->how != CALL_OPEN)
				break;
			if (profile->processes[call->process].end_ns != PROFILE_TIME_UNKNOWN)
				continue;
			err = array_reserve(&rows->calls, &capacity, rows->call_count + 1,
					    sizeof(*rows->calls));
			if (err == NULL)
				rows->calls[rows->call_count++] = (struct live_call){
					.function = i,
					.call = k,
					.since_ns = profile->last_ns - call->in_ns,
					.gained_mib = call->mib_out - call->mib_in,
				};
		}
	}
	if (err == NULL && rows->call_count > 0)
		qsort(rows->calls, rows->call_count, sizeof(*rows->calls), call_compare);
	return err;
}

struct error *live_rows_init(struct live_rows *rows, const struct profile *profile,
			     enum live_process_order process_order,
			     enum live_function_order function_order)
{
	*rows = (struct live_rows){ 0 };
	struct error *err = gather_processes(rows, profile, process_order);
	if (err == NULL)
		err = gather_functions(rows, profile, function_order);
	if (err == NULL)
		err = gather_calls(rows, profile);
	if (err != NULL)
		live_rows_deinit(rows);
	return err;
}

void live_rows_deinit(struct live_rows *rows)
{
	free(rows->processes);
	free(rows->functions);
	free(rows->calls);
	*rows = (struct live_rows){ 0 };
}
