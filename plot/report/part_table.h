/*
 * What the memory of processes was made of, as a table (plot layer).
 */
#ifndef PLOT_REPORT_PART_TABLE_H
#define PLOT_REPORT_PART_TABLE_H

#include "plot/report/report_columns.h"
#include "plot/text/table.h"
#include "plot/totals/profile_totals.h"

struct part_row {
	size_t part;	    /* an index */
	double at_peak_mib; /* at the highest sample of its process, or of the sum of all; -1: not known */
};

struct part_table {
	struct table table; /* processes in their order, of each the largest part first */
	struct table_column columns[TABLE_COLUMNS_MOST];
	struct report_subject subject;
	struct part_row *rows;
};

/* Counters, then mappings, of processes that are not hidden. */
struct error *part_table_init(struct part_table *parts, const struct report_subject *subject,
			      const struct profile_totals *totals) MUST_CHECK;
void part_table_deinit(struct part_table *parts);

#endif
