/*
 * Who grew it, by function, as a table (plot layer).
 */
#ifndef PLOT_REPORT_GROWTH_TABLE_H
#define PLOT_REPORT_GROWTH_TABLE_H

#include "plot/report/report_columns.h"
#include "plot/stacks/growth_totals.h"
#include "plot/text/table.h"

struct growth_table {
	struct table
		table; /* a row for each function that was charged, and one for what no stack was had for */
	struct table_column columns[TABLE_COLUMNS_MOST];
	struct report_subject subject;
	struct growth_totals totals;
	uint32_t *rows; /* functions of @totals; their count stands for the unknown. Owned */
};

struct error *growth_table_init(struct growth_table *growth,
				const struct report_subject *subject) MUST_CHECK;
void growth_table_deinit(struct growth_table *growth);

#endif
