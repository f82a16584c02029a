/* Calls as a table; see call_table.h. Plot layer. */
#include "plot/report/call_table.h"

#include <stdlib.h>

#include "tracer/base/profile_format.h"

/* Deeper calls are indented no more: the lines of a recursion of 10^5 would be of 10^10 columns. */
enum { INDENT_COLUMNS = 2, INDENT_DEPTH_MOST = 32 };

/* Memory of a window: what it gained is a sum, and its highest stands where a call has its end. */
static const struct table_column call_columns[] = {
	{ "start", "start_s", TABLE_MOMENT, 0 },
	{ "pid", "pid", TABLE_INTEGER, 7 },
	{ "tid", "tid", TABLE_INTEGER, 6 },
	{ "duration", "duration_s", TABLE_DURATION, 0 },
	{ "calls", "calls", TABLE_COUNT, 4 },
	{ "before", "before_mib", TABLE_MEMORY, 2 },
	{ "after", "after_mib", TABLE_MEMORY, 0 },
	{ "change", "change_mib", TABLE_CHANGE, 1 },
	{ "highest", "highest_mib", TABLE_MEMORY, 3 },
	{ "ended", "ended", TABLE_TEXT, 5 },
	{ "held", "held", TABLE_TEXT, TABLE_DATA_ONLY },
	{ "level", "level", TABLE_INTEGER, TABLE_DATA_ONLY },
	{ "function", "function", TABLE_NAME, 0 },
};

static int32_t row_process(const struct profile *profile, const struct call_row *row)
{
	const struct profile_function *function = &profile->functions[row->function];

	return row->is_window ? function->condensed[row->call].process
			      : function->calls[row->call].process;
}

/* In the order of call_columns, from "duration" on. */
static void fill_single(struct table_cell *cell, const struct profile_call *call)
{
	bool is_in_held = (call->held & CALL_HELD_IN) != 0;
	bool is_out_held = (call->held & CALL_HELD_OUT) != 0;
	const char *how = call->how == CALL_RETURNED ? "" : profile_how_words[call->how];

	*cell++ = cell_marked(call->how == CALL_OPEN, REPORT_MARK_AT_LEAST,
			      cell_ns(call->out_ns - call->in_ns));
	*cell++ = cell_count(1);
	*cell++ = cell_marked(is_in_held, REPORT_MARK_HELD, cell_number(call->mib_in));
	*cell++ = cell_marked(is_out_held, REPORT_MARK_HELD, cell_number(call->mib_out));
	*cell++ = cell_marked(is_in_held || is_out_held, REPORT_MARK_HELD,
			      cell_number(call->mib_out - call->mib_in));
	*cell++ = cell_if(false, cell_number(0));
	*cell++ = cell_text(how);
	*cell++ = cell_text(profile_held_words[call->held]);
	*cell++ = cell_if(call->level >= 0, cell_integer(call->level));
}

static void fill_window(struct table_cell *cell, const struct condensed_calls *many)
{
	bool is_held = many->held_count > 0;

	*cell++ = cell_ns(many->total_ns);
	*cell++ = cell_count(many->count);
	*cell++ = cell_if(false, cell_number(0));
	*cell++ = cell_if(false, cell_number(0));
	*cell++ = cell_marked(is_held, REPORT_MARK_HELD, cell_number(many->mib_gained));
	*cell++ = cell_marked(is_held, REPORT_MARK_HELD, cell_number(many->mib_max));
	*cell++ = cell_text("condensed");
	*cell++ = cell_text(is_held ? "some" : NULL);
	*cell++ = cell_if(false, cell_integer(0));
}

static void fill_call(void *data, size_t index, struct table_cell *cells)
{
	const struct call_table *calls = data;
	const struct profile *profile = calls->subject.profile;
	const struct call_row *row = &calls->rows[index];
	const struct profile_function *function = &profile->functions[row->function];
	struct table_cell *cell = report_first_cells(&calls->subject, cells);
	int32_t pid = profile->processes[row_process(profile, row)].pid;
	int32_t tid = row->is_window ? 0 : function->calls[row->call].tid;

	*cell++ = cell_moment(profile, row->is_window ? function->condensed[row->call].from_ns
						      : function->calls[row->call].in_ns);
	*cell++ = cell_if(pid != 0, cell_integer(pid));
	*cell++ = cell_if(tid != 0, cell_integer(tid));
	if (row->is_window)
		fill_window(cell, &function->condensed[row->call]);
	else
		fill_single(cell, &function->calls[row->call]);
	cell = &cells[calls->table.column_count - 1];
	*cell = cell_text(function->name);
	uint32_t depth = row->depth < INDENT_DEPTH_MOST ? row->depth : INDENT_DEPTH_MOST;
	cell->indent = calls->is_flat ? 0 : depth * INDENT_COLUMNS;
}

struct filling {
	const struct profile *profile;
	const struct call_nesting *nesting;
	uint32_t *
		depths; /* of each call of the nesting: itself, if it is shown, and shown ones around it */
	struct call_row *rows;
	size_t count;
};

static void add_thread(struct filling *filling, const struct call_thread *thread)
{
	const struct call_nesting *nesting = filling->nesting;

	for (size_t i = thread->first; i < thread->first + thread->count; i++) {
		const struct call_place *place = &nesting->calls[i];
		uint32_t parent = nesting->parents[i];
		uint32_t depth = parent == CALL_NESTING_ROOT ? 0 : filling->depths[parent];
		bool is_shown = !filling->profile->functions[place->function].is_hidden;
		filling->depths[i] = depth + is_shown;
		if (is_shown)
			filling->rows[filling->count++] = (struct call_row){
				.function = place->function,
				.call = place->call,
				.depth = depth,
			};
	}
}

/* The windows of all processes, as a list with the rows' places. */
static size_t gather_windows(const struct profile *profile, struct call_row *rows)
{
	size_t count = 0;

	for (size_t i = 0; i < profile->function_count; i++) {
		const struct profile_function *function = &profile->functions[i];
		for (size_t k = 0; !function->is_hidden && k < function->condensed_count; k++)
			rows[count++] = (struct call_row){
				.function = (uint32_t)i,
				.call = (uint32_t)k,
				.is_window = true,
			};
	}
	return count;
}

static int window_compare(const void *a, const void *b, void *data)
{
	const struct call_row *one = a, *other = b;
	const struct profile *profile = data;
	const struct condensed_calls *first =
		&profile->functions[one->function].condensed[one->call];
	const struct condensed_calls *second =
		&profile->functions[other->function].condensed[other->call];

	if (first->process != second->process)
		return first->process < second->process ? -1 : 1;
	if (first->from_ns != second->from_ns)
		return first->from_ns < second->from_ns ? -1 : 1;
	return one->function < other->function ? -1 : one->function > other->function;
}

static void add_windows(struct filling *filling, const struct call_row *windows, size_t count,
			size_t *next, int32_t up_to_process)
{
	for (; *next < count && row_process(filling->profile, &windows[*next]) <= up_to_process;
	     ++*next)
		filling->rows[filling->count++] = windows[*next];
}

static void fill_rows(struct filling *filling, struct call_row *windows)
{
	const struct call_nesting *nesting = filling->nesting;
	size_t count = gather_windows(filling->profile, windows), next = 0;

	qsort_r(windows, count, sizeof(*windows), window_compare, (void *)filling->profile);
	for (size_t i = 0; i < nesting->thread_count; i++) {
		/* Processes that end here have their windows. */
		add_windows(filling, windows, count, &next, nesting->threads[i].process - 1);
		add_thread(filling, &nesting->threads[i]);
	}
	add_windows(filling, windows, count, &next, INT32_MAX);
}

/* What is the same in all rows is no column for people. */
static void hide_columns(struct call_table *calls, const struct call_nesting *nesting)
{
	const struct profile *profile = calls->subject.profile;
	size_t count = calls->table.column_count;
	bool has_windows = false, has_ends = false, has_processes = false;

	for (size_t i = 0; i < calls->table.row_count; i++) {
		const struct call_row *row = &calls->rows[i];
		const struct profile_function *function = &profile->functions[row->function];
		has_windows = has_windows || row->is_window;
		has_processes = has_processes ||
				row_process(profile, row) != row_process(profile, &calls->rows[0]);
		has_ends = has_ends || row->is_window ||
			   function->calls[row->call].how != CALL_RETURNED;
		calls->has_held =
			calls->has_held ||
			(row->is_window ? function->condensed[row->call].held_count > 0
					: function->calls[row->call].held != CALL_HELD_NONE);
	}
	if (!has_processes)
		report_hide_column(calls->columns, count, "pid");
	if (nesting->thread_count < 2)
		report_hide_column(calls->columns, count, "tid");
	if (!has_windows) {
		report_hide_column(calls->columns, count, "calls");
		report_hide_column(calls->columns, count, "highest_mib");
	}
	if (!has_ends)
		report_hide_column(calls->columns, count, "ended");
}

struct error *call_table_init(struct call_table *calls, const struct report_subject *subject,
			      const struct profile_totals *totals)
{
	const struct profile *profile = subject->profile;
	size_t windows = 0;

	for (size_t i = 0; i < profile->function_count; i++)
		windows += profile->functions[i].condensed_count;
	struct filling filling = {
		.profile = profile,
		.nesting = &totals->nesting,
		.depths = calloc(totals->nesting.count + 1, sizeof(*filling.depths)),
		.rows = calloc(totals->nesting.count + windows + 1, sizeof(*filling.rows)),
	};
	struct call_row *sorted = calloc(windows + 1, sizeof(*sorted));
	*calls = (struct call_table){ .subject = *subject, .rows = filling.rows };
	if (filling.depths == NULL || filling.rows == NULL || sorted == NULL) {
		free(filling.depths);
		free(sorted);
		call_table_deinit(calls);
		return error_no_memory();
	}
	fill_rows(&filling, sorted);
	free(filling.depths);
	free(sorted);
	calls->table = (struct table){
		.columns = calls->columns,
		.column_count = report_columns_init(calls->columns, subject, call_columns,
						    sizeof(call_columns) / sizeof(call_columns[0])),
		.row_count = filling.count,
		.fill = fill_call,
		.data = calls,
	};
	hide_columns(calls, &totals->nesting);
	return NULL;
}

void call_table_deinit(struct call_table *calls)
{
	free(calls->rows);
	*calls = (struct call_table){ 0 };
}
