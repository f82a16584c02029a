/* Functions over the ranks of a job as a table; see job_tables.h. Plot layer. */
#include "plot/jobs/job_tables.h"

#include <math.h>

static const struct table_column columns[] = {
	{ "job", "job", TABLE_TEXT, TABLE_DATA_ONLY },
	{ "longest", "longest_s", TABLE_DURATION, 0 },
	{ "rank", "longest_rank", TABLE_INTEGER, 0 },
	{ "median", "median_s", TABLE_DURATION, 1 },
	{ "shortest", "shortest_s", TABLE_DURATION, 5 },
	{ "shortest rank", "shortest_rank", TABLE_INTEGER, TABLE_DATA_ONLY },
	{ "mean", "mean_s", TABLE_DURATION, TABLE_DATA_ONLY },
	{ "imbalance", "imbalance_percent", TABLE_PERCENT, 3 },
	{ "calls", "calls", TABLE_COUNT, 4 },
	{ "ranks", "ranks", TABLE_COUNT, 6 },
	{ "least calls", "calls_min", TABLE_COUNT, 9 },
	{ "median calls", "calls_median", TABLE_FIGURE, TABLE_DATA_ONLY },
	{ "most calls", "calls_max", TABLE_COUNT, 9 },
	{ "on rank", "calls_max_rank", TABLE_INTEGER, 9 },
	{ "most net", "net_max_mib", TABLE_CHANGE, 2 },
	{ "on rank", "net_max_rank", TABLE_INTEGER, 2 },
	{ "median net", "net_median_mib", TABLE_CHANGE, 7 },
	{ "least net", "net_min_mib", TABLE_CHANGE, 8 },
	{ "function", "function", TABLE_NAME, 0 },
};

static struct table_cell rank_cell(const struct job_view *view, size_t rank)
{
	return cell_integer(view->job->ranks[rank].number);
}

/* Sums of a damaged file may be as high as can be, which is no whole number of that size as a double. */
static struct table_cell time_cell(double ns)
{
	static const double most = 9e18;

	return cell_ns(ns < most ? llround(ns) : INT64_MAX);
}

static struct table_cell calls_cell(double count)
{
	static const double most = 18e18;

	return cell_count(count < most ? (uint64_t)count : UINT64_MAX);
}

/* In the order of columns. */
static void fill(void *data, size_t row, struct table_cell *cells)
{
	struct job_view *view = data;
	const struct rank_function *function = &view->functions.functions[row];
	const struct spread *calls = &function->calls_of, *time = &function->total_ns,
			    *net = &function->net_mib;
	struct table_cell *cell = cells;

	*cell++ = cell_text(view->job->name);
	*cell++ = time_cell(time->high);
	*cell++ = rank_cell(view, time->high_at);
	*cell++ = time_cell(time->median);
	*cell++ = time_cell(time->low);
	*cell++ = rank_cell(view, time->low_at);
	*cell++ = time_cell(time->mean);
	*cell++ = cell_if(!isnan(time->imbalance_percent), cell_number(time->imbalance_percent));
	*cell++ = cell_count(function->calls);
	*cell++ = cell_count(function->ranks);
	*cell++ = calls_cell(calls->low);
	*cell++ = cell_number(calls->median);
	*cell++ = calls_cell(calls->high);
	*cell++ = rank_cell(view, calls->high_at);
	*cell++ = cell_number(net->high);
	*cell++ = rank_cell(view, net->high_at);
	*cell++ = cell_number(net->median);
	*cell++ = cell_number(net->low);
	*cell++ = cell_text(function->name);
}

void job_functions_table(struct table *table, struct job_view *view)
{
	*table = (struct table){
		.columns = columns,
		.column_count = sizeof(columns) / sizeof(columns[0]),
		.row_count = view->functions.count,
		.fill = fill,
		.data = view,
	};
}
