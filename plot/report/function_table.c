/* Functions as a table; see function_table.h. Plot layer. */
#include "plot/report/function_table.h"

#include <stdlib.h>

static const struct table_column function_columns[] = {
	{ "total", "total_s", TABLE_DURATION, 0 },
	{ "self", "self_s", TABLE_DURATION, 1 },
	{ "self at most", "self_at_most", TABLE_FLAG, TABLE_DATA_ONLY },
	{ "calls", "calls", TABLE_COUNT, 0 },
	{ "inherited", "inherited", TABLE_COUNT, 12 },
	{ "open", "open", TABLE_COUNT, 11 },
	{ "unwound", "unwound", TABLE_COUNT, 10 },
	{ "condensed", "condensed", TABLE_COUNT, TABLE_DATA_ONLY },
	{ "held", "held", TABLE_COUNT, TABLE_DATA_ONLY },
	{ "mean", "mean_s", TABLE_DURATION, 3 },
	{ "shortest", "shortest_s", TABLE_DURATION, TABLE_DATA_ONLY },
	{ "longest", "longest_s", TABLE_DURATION, 7 },
	{ "gained", "gained_mib", TABLE_MEMORY, 5 },
	{ "released", "released_mib", TABLE_MEMORY, 6 },
	{ "net", "net_mib", TABLE_CHANGE, 0 },
	{ "worst", "worst_mib", TABLE_CHANGE, 4 },
	{ "worst at", "worst_at_s", TABLE_MOMENT, 8 },
	{ "worst pid", "worst_pid", TABLE_INTEGER, TABLE_DATA_ONLY },
	{ "worst tid", "worst_tid", TABLE_INTEGER, TABLE_DATA_ONLY },
	{ "highest", "highest_mib", TABLE_MEMORY, 2 },
	{ "first", "first_s", TABLE_MOMENT, TABLE_DATA_ONLY },
	{ "last", "last_s", TABLE_MOMENT, TABLE_DATA_ONLY },
	{ "function", "function", TABLE_NAME, 0 },
};

static void fill_worst(struct table_cell **cell, const struct report_subject *subject,
		       const struct worst_call *worst, bool is_held)
{
	*(*cell)++ = cell_if(worst->is_known, cell_marked(is_held, REPORT_MARK_HELD,
							  cell_number(worst->gained_mib)));
	*(*cell)++ = cell_if(worst->is_known, cell_moment(subject->profile, worst->in_ns));
	*(*cell)++ = cell_if(worst->is_known && worst->pid != 0, cell_integer(worst->pid));
	*(*cell)++ = cell_if(worst->is_known && worst->tid != 0, cell_integer(worst->tid));
}

/* In the order of function_columns. */
static void fill_function(void *data, size_t row, struct table_cell *cells)
{
	const struct function_table *functions = data;
	const struct profile *profile = functions->subject.profile;
	const struct profile_function *function = &profile->functions[functions->functions[row]];
	const struct function_totals *totals = &functions->totals[functions->functions[row]];
	struct table_cell *cell = report_first_cells(&functions->subject, cells);
	bool is_held = totals->held_calls > 0, has_calls = totals->calls > 0;

	*cell++ = cell_ns(totals->total_ns);
	*cell++ =
		cell_marked(totals->is_self_at_most, REPORT_MARK_AT_MOST, cell_ns(totals->self_ns));
	*cell++ = cell_flag(totals->is_self_at_most);
	*cell++ = cell_count(totals->calls);
	*cell++ = cell_count(totals->inherited_calls);
	*cell++ = cell_count(totals->open_calls);
	*cell++ = cell_count(totals->unwound_calls);
	*cell++ = cell_count(totals->condensed_calls);
	*cell++ = cell_count(totals->held_calls);
	*cell++ = cell_if(has_calls, cell_ns(totals->mean_ns));
	*cell++ = cell_if(has_calls, cell_ns(totals->shortest_ns));
	*cell++ = cell_if(has_calls, cell_ns(totals->longest_ns));
	*cell++ = cell_marked(is_held, REPORT_MARK_HELD, cell_number(totals->gained_mib));
	*cell++ = cell_marked(is_held, REPORT_MARK_HELD, cell_number(totals->released_mib));
	*cell++ = cell_marked(is_held, REPORT_MARK_HELD, cell_number(totals->net_mib));
	fill_worst(&cell, &functions->subject, &totals->worst, is_held);
	*cell++ = cell_if(totals->highest_mib >= 0, cell_number(totals->highest_mib));
	*cell++ = cell_moment(profile, totals->first_ns);
	*cell++ = cell_moment(profile, totals->last_ns);
	*cell++ = cell_text(function->name);
}

/* What no function has is no column for people. */
static void hide_columns(struct function_table *functions)
{
	uint64_t inherited = 0, open = 0, unwound = 0;

	for (size_t i = 0; i < functions->table.row_count; i++) {
		const struct function_totals *totals = &functions->totals[functions->functions[i]];
		inherited += totals->inherited_calls;
		open += totals->open_calls;
		unwound += totals->unwound_calls;
		functions->has_held = functions->has_held || totals->held_calls > 0;
		functions->has_at_most = functions->has_at_most || totals->is_self_at_most;
	}
	size_t count = functions->table.column_count;
	if (inherited == 0)
		report_hide_column(functions->columns, count, "inherited");
	if (open == 0)
		report_hide_column(functions->columns, count, "open");
	if (unwound == 0)
		report_hide_column(functions->columns, count, "unwound");
}

struct error *function_table_init(struct function_table *functions,
				  const struct report_subject *subject,
				  const struct profile_totals *totals)
{
	const struct profile *profile = subject->profile;

	*functions = (struct function_table){
		.subject = *subject,
		.totals = totals->functions,
		.functions = calloc(profile->function_count + 1, sizeof(size_t)),
	};
	if (functions->functions == NULL)
		return error_no_memory();
	functions->table = (struct table){
		.columns = functions->columns,
		.column_count =
			report_columns_init(functions->columns, subject, function_columns,
					    sizeof(function_columns) / sizeof(function_columns[0])),
		.fill = fill_function,
		.data = functions,
	};
	for (size_t i = 0; i < profile->function_count; i++) {
		const struct function_totals *own = &totals->functions[i];
		if (!profile->functions[i].is_hidden && own->calls + own->inherited_calls > 0)
			functions->functions[functions->table.row_count++] = i;
	}
	hide_columns(functions);
	return NULL;
}

void function_table_deinit(struct function_table *functions)
{
	free(functions->functions);
	*functions = (struct function_table){ 0 };
}
