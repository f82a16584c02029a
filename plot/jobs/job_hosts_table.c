/* The hosts of a job as a table; see job_tables.h. Plot layer. */
#include "plot/jobs/job_tables.h"

#include <math.h>

static const struct table_column columns[] = {
	{ "job", "job", TABLE_TEXT, TABLE_DATA_ONLY },
	{ "ranks", "ranks", TABLE_COUNT, 0 },
	{ "peak", "peak_mib", TABLE_MEMORY, 0 },
	{ "at", "peak_at_s", TABLE_MOMENT, 1 },
	{ "highest rank", "highest_rank", TABLE_INTEGER, 2 },
	{ "its peak", "highest_mib", TABLE_MEMORY, 2 },
	{ "median", "median_mib", TABLE_MEMORY, 3 },
	{ "lowest", "lowest_mib", TABLE_MEMORY, 5 },
	{ "lowest rank", "lowest_rank", TABLE_INTEGER, TABLE_DATA_ONLY },
	{ "imbalance", "imbalance_percent", TABLE_PERCENT, 4 },
	{ "host", "host", TABLE_TEXT, 0 },
};

/* In the order of columns. */
static void fill(void *data, size_t row, struct table_cell *cells)
{
	const struct job_view *view = data;
	const struct rank_host *host = &view->hosts.hosts[row];
	const struct spread *peaks = &host->peaks;
	const size_t *ranks = view->hosts.ranks + host->first;
	const bool has_peak = host->peak_ns != PROFILE_TIME_UNKNOWN;
	struct table_cell *cell = cells;

	*cell++ = cell_text(view->job->name);
	*cell++ = cell_count(host->count);
	*cell++ = cell_if(has_peak, cell_marked(view->job->is_reduced, REPORT_MARK_HELD,
						cell_number(host->peak_mib)));
	*cell++ = job_moment(view, host->peak_ns);
	*cell++ = cell_integer(view->job->ranks[ranks[peaks->high_at]].number);
	*cell++ = cell_if(peaks->high >= 0, cell_number(peaks->high));
	*cell++ = cell_if(peaks->median >= 0, cell_number(peaks->median));
	*cell++ = cell_if(peaks->low >= 0, cell_number(peaks->low));
	*cell++ = cell_integer(view->job->ranks[ranks[peaks->low_at]].number);
	*cell++ = cell_if(!isnan(peaks->imbalance_percent), cell_number(peaks->imbalance_percent));
	*cell++ = cell_text(host->name != NULL || !view->is_for_people ? host->name : JOB_NO_HOST);
}

void job_hosts_table(struct table *table, struct job_view *view)
{
	*table = (struct table){
		.columns = columns,
		.column_count = sizeof(columns) / sizeof(columns[0]),
		.row_count = view->hosts.count,
		.fill = fill,
		.data = view,
	};
}
