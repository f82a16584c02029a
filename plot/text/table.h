/*
 * A table of figures and names: aligned for people, CSV and JSON for programs (plot layer).
 *
 * Rows are asked for one by one, twice for people, so that a table of a million takes no room. People get
 * units and three digits; programs get all digits, in the units of the column's key: seconds, MiB.
 */
#ifndef PLOT_TEXT_TABLE_H
#define PLOT_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "plot/text/csv_write.h"
#include "plot/text/json_write.h"
#include "plot/text/table_cells.h"
#include "tracer/base/error.h"

struct table {
	const struct table_column *columns;
	size_t column_count; /* 1 to TABLE_COLUMNS_MOST */
	size_t row_count;
	const size_t
		*order; /* of each row that is shown, which it is; NULL: as they are; borrowed */
	/* Fills the cells of a row, which are zeroed. The same each time that it is asked. */
	void (*fill)(void *data, size_t row, struct table_cell *cells);
	void *data;
};

enum { TABLE_COLUMNS_MOST = 32 };

/* The cells of the row that is shown as the @row-th. */
static inline void table_fill_row(const struct table *table, size_t row,
				  struct table_cell cells[static TABLE_COLUMNS_MOST])
{
	memset(cells, 0, table->column_count * sizeof(*cells));
	table->fill(table->data, table->order != NULL ? table->order[row] : row, cells);
}

/*
 * For people: titles, and the rows, at most @width columns wide where that can be; 0: any width, but for
 * functions' names before the last column. That may be of any length; texts before it are best short. What was
 * left out is said in a last line. A function's name that is shortened keeps what tells it from the others.
 */
struct error *table_print(const struct table *table, FILE *out, size_t width) MUST_CHECK;

/* A line of keys, if wanted, and the rows. */
void table_write_csv(const struct table *table, struct csv_writer *csv, bool with_keys);

/* An array of objects; @key as in json_open_array. */
void table_write_json(const struct table *table, struct json_writer *json, const char *key);

#endif
