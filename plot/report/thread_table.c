/* Threads as a table; see thread_table.h. Plot layer. */
#include "plot/report/thread_table.h"

#include <stdlib.h>

static const struct table_column thread_columns[] = {
	{ "pid", "pid", TABLE_INTEGER, 0 },
	{ "tid", "tid", TABLE_INTEGER, 0 },
	{ "name", "name", TABLE_TEXT, 1 },
	{ "calls", "calls", TABLE_COUNT, 0 },
	{ "inherited", "inherited", TABLE_COUNT, 9 },
	{ "held", "held", TABLE_COUNT, TABLE_DATA_ONLY },
	{ "outermost", "outermost_calls", TABLE_COUNT, 3 },
	{ "in calls", "in_calls_s", TABLE_DURATION, 0 },
	{ "net", "net_mib", TABLE_CHANGE, 0 },
	{ "first", "first_s", TABLE_MOMENT, 4 },
	{ "last", "last_s", TABLE_MOMENT, 5 },
	{ "longest", "longest_s", TABLE_DURATION, 2 },
	{ "longest call", "longest_function", TABLE_NAME, 0 },
};

/* In the order of thread_columns. */
static void fill_thread(void *data, size_t row, struct table_cell *cells)
{
	const struct thread_table *threads = data;
	const struct profile *profile = threads->subject.profile;
	const struct thread_row *thread = &threads->rows[row];
	struct table_cell *cell = report_first_cells(&threads->subject, cells);
	int32_t pid = profile->processes[thread->thread->process].pid;
	bool has_longest = thread->longest_function != NULL;

	*cell++ = cell_if(pid != 0, cell_integer(pid));
	*cell++ = cell_if(thread->thread->tid != 0, cell_integer(thread->thread->tid));
	*cell++ = cell_text(
		profile_thread_name(profile, thread->thread->process, thread->thread->tid));
	*cell++ = cell_count(thread->calls);
	*cell++ = cell_count(thread->inherited_calls);
	*cell++ = cell_count(thread->held_calls);
	*cell++ = cell_count(thread->outermost_calls);
	*cell++ = cell_ns(thread->outermost_ns);
	*cell++ =
		cell_marked(thread->held_calls > 0, REPORT_MARK_HELD, cell_number(thread->net_mib));
	*cell++ = cell_moment(profile, thread->first_ns);
	*cell++ = cell_moment(profile, thread->last_ns);
	*cell++ = cell_if(has_longest, cell_ns(thread->longest_ns));
	*cell++ = cell_text(thread->longest_function);
}

static void add_outermost(struct thread_row *row, const struct profile_function *function,
			  const struct profile_call *call)
{
	int64_t duration_ns = call->out_ns - call->in_ns;

	row->outermost_calls++;
	if (__builtin_add_overflow(row->outermost_ns, duration_ns, &row->outermost_ns))
		row->outermost_ns = INT64_MAX;
	row->net_mib += call->mib_out - call->mib_in;
	if (row->longest_function != NULL && duration_ns <= row->longest_ns)
		return;
	row->longest_function = function->name;
	row->longest_ns = duration_ns;
}

/* @covered: until when the last outermost call lasted; calls come as they begin. */
static void add_call(struct thread_row *row, const struct profile_function *function,
		     const struct profile_call *call, int64_t *covered_ns)
{
	if (function->is_hidden)
		return;
	if (call->how == CALL_FORKED) {
		row->inherited_calls++;
		return;
	}
	row->calls++;
	row->held_calls += call->held != CALL_HELD_NONE;
	if (row->first_ns == PROFILE_TIME_UNKNOWN)
		row->first_ns = call->in_ns;
	if (row->last_ns == PROFILE_TIME_UNKNOWN || call->out_ns > row->last_ns)
		row->last_ns = call->out_ns;
	if (*covered_ns != PROFILE_TIME_UNKNOWN && call->out_ns <= *covered_ns)
		return;
	add_outermost(row, function, call);
	*covered_ns = call->out_ns;
}

static void sum_thread(struct thread_row *row, const struct profile *profile,
		       const struct call_nesting *nesting, const struct call_thread *thread)
{
	int64_t covered_ns = PROFILE_TIME_UNKNOWN;

	*row = (struct thread_row){
		.thread = thread,
		.first_ns = PROFILE_TIME_UNKNOWN,
		.last_ns = PROFILE_TIME_UNKNOWN,
	};
	for (size_t i = thread->first; i < thread->first + thread->count; i++)
		add_call(row, &profile->functions[nesting->calls[i].function],
			 call_nesting_at(profile, nesting, i), &covered_ns);
}

struct error *thread_table_init(struct thread_table *threads, const struct report_subject *subject,
				const struct profile_totals *totals)
{
	const struct call_nesting *nesting = &totals->nesting;
	uint64_t inherited = 0;
	bool has_names = false;

	*threads = (struct thread_table){
		.subject = *subject,
		.rows = calloc(nesting->thread_count + 1, sizeof(struct thread_row)),
	};
	if (threads->rows == NULL)
		return error_no_memory();
	threads->table = (struct table){
		.columns = threads->columns,
		.column_count =
			report_columns_init(threads->columns, subject, thread_columns,
					    sizeof(thread_columns) / sizeof(thread_columns[0])),
		.fill = fill_thread,
		.data = threads,
	};
	for (size_t i = 0; i < nesting->thread_count; i++) {
		struct thread_row *row = &threads->rows[threads->table.row_count];
		sum_thread(row, subject->profile, nesting, &nesting->threads[i]);
		threads->table.row_count += row->calls + row->inherited_calls > 0;
		inherited += row->inherited_calls;
		threads->has_held = threads->has_held || row->held_calls > 0;
		has_names = has_names || profile_thread_name(subject->profile, row->thread->process,
							     row->thread->tid) != NULL;
	}
	if (!has_names)
		report_hide_column(threads->columns, threads->table.column_count, "name");
	if (inherited == 0)
		report_hide_column(threads->columns, threads->table.column_count, "inherited");
	return NULL;
}

void thread_table_deinit(struct thread_table *threads)
{
	free(threads->rows);
	*threads = (struct thread_table){ 0 };
}
