/*
 * The functions of a profile as a table (plot layer).
 */
#ifndef PLOT_REPORT_FUNCTION_TABLE_H
#define PLOT_REPORT_FUNCTION_TABLE_H

#include "plot/report/report_columns.h"
#include "plot/text/table.h"
#include "plot/totals/profile_totals.h"

struct function_table {
	struct table table; /* rows in the order of the profile's functions */
	struct table_column columns[TABLE_COLUMNS_MOST];
	struct report_subject subject;
	const struct function_totals *totals; /* borrowed */
	size_t *functions;		      /* of each row, as an index */
	bool has_held, has_at_most;	      /* some figure has that mark */
};

/* Of functions that are not hidden, and that have calls. */
struct error *function_table_init(struct function_table *functions,
				  const struct report_subject *subject,
				  const struct profile_totals *totals) MUST_CHECK;
void function_table_deinit(struct function_table *functions);

#endif
