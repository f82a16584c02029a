/* Tables for programs: CSV and JSON; see table.h. Plot layer. */
#include <math.h>

#include "plot/text/table.h"

/* As many decimals as the file has: what a sum of many has behind them is rounding. */
static double round_to(double mib, double parts)
{
	double rounded = round(mib * parts) / parts;

	return isfinite(rounded) ? rounded : mib;
}

static void put_csv(struct csv_writer *csv, enum table_kind kind, const struct table_cell *cell)
{
	if (!cell->is_known) {
		csv_put_empty(csv);
		return;
	}
	switch (kind) {
	case TABLE_TEXT:
	case TABLE_WHOLE:
	case TABLE_NAME:
		csv_put_text(csv, cell->text);
		return;
	case TABLE_INTEGER:
		csv_put_integer(csv, cell->integer);
		return;
	case TABLE_COUNT:
		csv_put_count(csv, cell->count);
		return;
	case TABLE_DURATION:
	case TABLE_MOMENT:
		csv_put_seconds(csv, cell->ns);
		return;
	case TABLE_MEMORY:
	case TABLE_CHANGE:
		csv_put_number(csv, round_to(cell->number, 1e6));
		return;
	case TABLE_RATE:
	case TABLE_PERCENT:
	case TABLE_FIGURE:
		csv_put_number(csv, round_to(cell->number, 1e9));
		return;
	case TABLE_FLAG:
		csv_put_count(csv, cell->flag ? 1 : 0);
		return;
	}
}

void table_write_csv(const struct table *table, struct csv_writer *csv, bool with_keys)
{
	struct table_cell cells[TABLE_COLUMNS_MOST];

	for (size_t i = 0; with_keys && i < table->column_count; i++)
		csv_put_text(csv, table->columns[i].key);
	if (with_keys)
		csv_end_row(csv);
	for (size_t row = 0; row < table->row_count; row++) {
		table_fill_row(table, row, cells);
		for (size_t i = 0; i < table->column_count; i++)
			put_csv(csv, table->columns[i].kind, &cells[i]);
		csv_end_row(csv);
	}
}

static void put_json(struct json_writer *json, const struct table_column *column,
		     const struct table_cell *cell)
{
	const char *key = column->key;

	if (!cell->is_known) {
		json_put_null(json, key);
		return;
	}
	switch (column->kind) {
	case TABLE_TEXT:
	case TABLE_WHOLE:
	case TABLE_NAME:
		json_put_string(json, key, cell->text);
		return;
	case TABLE_INTEGER:
		json_put_integer(json, key, cell->integer);
		return;
	case TABLE_COUNT:
		json_put_count(json, key, cell->count);
		return;
	case TABLE_DURATION:
	case TABLE_MOMENT:
		json_put_seconds(json, key, cell->ns);
		return;
	case TABLE_MEMORY:
	case TABLE_CHANGE:
		json_put_number(json, key, round_to(cell->number, 1e6));
		return;
	case TABLE_RATE:
	case TABLE_PERCENT:
	case TABLE_FIGURE:
		json_put_number(json, key, round_to(cell->number, 1e9));
		return;
	case TABLE_FLAG:
		json_put_bool(json, key, cell->flag);
		return;
	}
}

void table_write_json(const struct table *table, struct json_writer *json, const char *key)
{
	struct table_cell cells[TABLE_COLUMNS_MOST];

	json_open_array(json, key);
	for (size_t row = 0; row < table->row_count; row++) {
		table_fill_row(table, row, cells);
		json_open_object(json, NULL);
		for (size_t i = 0; i < table->column_count; i++)
			put_json(json, &table->columns[i], &cells[i]);
		json_close(json);
	}
	json_close(json);
}
