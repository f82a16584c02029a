/*
 * The processes of a profile as a table (plot layer).
 */
#ifndef PLOT_REPORT_PROCESS_TABLE_H
#define PLOT_REPORT_PROCESS_TABLE_H

#include "plot/report/report_columns.h"
#include "plot/text/table.h"
#include "plot/totals/profile_totals.h"

/* "SIGSEGV", "255". */
enum { PROCESS_ENDED_BYTES = 16 };

/* A status of 128+N says that signal N has ended it; "" of one that is not known, which is negative. */
void process_format_ended(int status, char ret[static PROCESS_ENDED_BYTES]);

struct process_row {
	size_t process; /* an index */
	char ended[PROCESS_ENDED_BYTES];
};

struct process_table {
	struct table table; /* rows in the order of the profile's processes */
	struct table_column columns[TABLE_COLUMNS_MOST];
	struct report_subject subject;
	const struct process_totals *totals; /* borrowed */
	struct process_row *rows;
	bool has_at_least; /* some figure has that mark: a life whose end is not known */
};

/* Of processes of which anything is known. */
struct error *process_table_init(struct process_table *processes,
				 const struct report_subject *subject,
				 const struct profile_totals *totals) MUST_CHECK;
void process_table_deinit(struct process_table *processes);

#endif
