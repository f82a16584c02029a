/*
 * Single calls as a table, indented by what they lie within; windows of condensed calls among them (plot
 * layer).
 */
#ifndef PLOT_REPORT_CALL_TABLE_H
#define PLOT_REPORT_CALL_TABLE_H

#include "plot/report/report_columns.h"
#include "plot/text/table.h"
#include "plot/totals/profile_totals.h"

struct call_row {
	uint32_t function, call; /* profile->functions[function].calls[call], or .condensed[call] */
	uint32_t depth;		 /* calls around it that are rows too */
	bool is_window;
};

struct call_table {
	/* Rows by process and thread, as the calls begin; the windows of a process behind its threads. */
	struct table table;
	struct table_column columns[TABLE_COLUMNS_MOST];
	struct report_subject subject;
	struct call_row *rows;
	bool has_held; /* some figure has that mark */
	bool is_flat;  /* rows are sorted: there is no indenting */
};

/* Of functions that are not hidden. */
struct error *call_table_init(struct call_table *calls, const struct report_subject *subject,
			      const struct profile_totals *totals) MUST_CHECK;
void call_table_deinit(struct call_table *calls);

#endif
