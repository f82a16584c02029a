/* The ranks of a job as a table; see job_tables.h. Plot layer. */
#include "plot/jobs/job_tables.h"

#include <string.h>

#include "plot/report/process_table.h"

static const struct table_column columns[] = {
	{ "job", "job", TABLE_TEXT, TABLE_DATA_ONLY },
	{ "rank", "rank", TABLE_INTEGER, 0 },
	{ "host", "host", TABLE_TEXT, 2 },
	{ "start", "start_s", TABLE_MOMENT, 9 },
	{ "lifetime", "lifetime_s", TABLE_DURATION, 8 },
	{ "has ended", "has_ended", TABLE_FLAG, TABLE_DATA_ONLY },
	{ "peak", "peak_mib", TABLE_MEMORY, 0 },
	{ "exact", "peak_is_exact", TABLE_FLAG, TABLE_DATA_ONLY },
	{ "to median", "over_median_percent", TABLE_PERCENT, 7 },
	{ "sampled", "sampled_peak_mib", TABLE_MEMORY, TABLE_DATA_ONLY },
	{ "at", "sampled_peak_at_s", TABLE_MOMENT, 5 },
	{ "end", "end_mib", TABLE_MEMORY, 3 },
	{ "status", "status", TABLE_INTEGER, TABLE_DATA_ONLY },
	{ "ended", "ended", TABLE_TEXT, 1 },
	{ "processes", "processes", TABLE_COUNT, 11 },
	{ "samples", "samples", TABLE_COUNT, 10 },
	{ "note", "note", TABLE_TEXT, 1 },
	{ "self", "costliest_self_s", TABLE_DURATION, 4 },
	{ "profile", "profile", TABLE_WHOLE, TABLE_DATA_ONLY },
	{ "most time in", "costliest_function", TABLE_NAME, 0 },
};

static const char *note_on(const struct job_view *view, size_t index)
{
	const struct spread *peaks = &view->peaks;
	const double mib = view->job->ranks[index].peak_mib;
	const bool differ = peaks->high > peaks->low;

	if (differ && index == peaks->high_at)
		return "highest";
	if (differ && index == peaks->low_at)
		return "lowest";
	if (differ && index == peaks->median_at)
		return "median";
	return spread_is_far_above(peaks, mib)	 ? "far above"
	       : spread_is_far_below(peaks, mib) ? "far below"
						 : NULL;
}

/* An exit status, or a signal; of a recording without an end what has become of it. */
static const char *ended_as(const struct rank *rank, char text[static PROCESS_ENDED_BYTES])
{
	process_format_ended(rank->status, text);
	if (text[0] != '\0')
		return text;
	return rank->has_end ? NULL : rank->is_recent ? "recording" : "broke off";
}

/* In the order of columns. */
static void fill(void *data, size_t row, struct table_cell *cells)
{
	struct job_view *view = data;
	const struct rank *rank = &view->job->ranks[row];
	const double median_mib = view->peaks.median;
	const char *note = note_on(view, row);
	struct table_cell *cell = cells;

	*cell++ = cell_text(view->job->name);
	*cell++ = cell_integer(rank->number);
	*cell++ = cell_text(rank_text(view->job, rank->host));
	*cell++ = job_moment(view, rank->start_ns);
	*cell++ = cell_marked(!rank->has_ended, REPORT_MARK_AT_LEAST,
			      cell_ns(rank->end_ns - rank->start_ns));
	*cell++ = cell_flag(rank->has_ended);
	*cell++ = cell_if(rank->peak_mib >= 0, cell_number(rank->peak_mib));
	*cell++ = cell_flag(rank->is_peak_exact);
	*cell++ = cell_if(rank->peak_mib >= 0 && median_mib > 0,
			  cell_number((rank->peak_mib / median_mib - 1) * 100));
	*cell++ = cell_if(rank->seen_mib >= 0, cell_number(rank->seen_mib));
	*cell++ = job_moment(view, rank->seen_ns);
	*cell++ = cell_if(rank->end_mib >= 0, cell_number(rank->end_mib));
	*cell++ = cell_if(rank->status >= 0, cell_integer(rank->status));
	*cell++ = cell_text(ended_as(rank, view->ended));
	*cell++ = cell_count(rank->processes);
	*cell++ = cell_count(rank->samples);
	*cell++ = cell_text(note == NULL && view->is_for_people ? "" : note);
	*cell++ = cell_if(rank->costliest != RANK_NO_TEXT, cell_ns(rank->costliest_ns));
	*cell++ = cell_text(rank->path);
	*cell++ = cell_text(rank_text(view->job, rank->costliest));
}

void job_ranks_table(struct table *table, struct job_view *view)
{
	const size_t count = sizeof(columns) / sizeof(columns[0]);

	memcpy(view->rank_columns, columns, sizeof(columns));
	if (view->job->call_count == 0) {
		report_hide_column(view->rank_columns, count, "costliest_self_s");
		report_hide_column(view->rank_columns, count, "costliest_function");
	}
	*table = (struct table){
		.columns = view->rank_columns,
		.column_count = count,
		.row_count = view->job->count,
		.fill = fill,
		.data = view,
	};
}
