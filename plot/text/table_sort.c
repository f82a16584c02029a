/* Rows in an order; see table_sort.h. Plot layer. */
#include "plot/text/table_sort.h"

#include <stdlib.h>
#include <string.h>

struct sorted_row {
	bool is_known;
	double number;
	const char *text; /* NULL: it is the number */
	size_t row;
};

/* "total" stands for "total_s": behind the last '_' is the unit. */
static bool names_column(const struct table_column *column, const char *word)
{
	const char *unit = strrchr(column->key, '_');
	size_t bytes = strlen(word);

	return strcmp(word, column->key) == 0 || strcmp(word, column->title) == 0 ||
	       (unit != NULL && (size_t)(unit - column->key) == bytes &&
		memcmp(word, column->key, bytes) == 0);
}

size_t table_find_column(const struct table *table, const char *word)
{
	for (size_t i = 0; i < table->column_count; i++) {
		if (names_column(&table->columns[i], word))
			return i;
	}
	return SIZE_MAX;
}

static struct sorted_row read_row(const struct table *table, size_t column, size_t row)
{
	struct table_cell cells[TABLE_COLUMNS_MOST];

	table_fill_row(table, row, cells);
	const struct table_cell *cell = &cells[column];
	struct sorted_row sorted = { .is_known = cell->is_known, .row = row };
	switch (table->columns[column].kind) {
	case TABLE_TEXT:
	case TABLE_WHOLE:
	case TABLE_NAME:
		sorted.text = cell->text;
		sorted.is_known = sorted.is_known && cell->text != NULL;
		break;
	case TABLE_INTEGER:
		sorted.number = -(double)cell->integer;
		break;
	case TABLE_COUNT:
		sorted.number = (double)cell->count;
		break;
	case TABLE_DURATION:
		sorted.number = (double)cell->ns;
		break;
	case TABLE_MOMENT:
		sorted.number = -(double)cell->ns;
		break;
	case TABLE_MEMORY:
	case TABLE_CHANGE:
	case TABLE_RATE:
	case TABLE_PERCENT:
	case TABLE_FIGURE:
		sorted.number = cell->number;
		break;
	case TABLE_FLAG:
		sorted.number = cell->flag;
		break;
	}
	return sorted;
}

static int row_compare(const void *a, const void *b)
{
	const struct sorted_row *one = a, *other = b;
	int order = 0;

	if (one->is_known != other->is_known)
		return one->is_known ? -1 : 1;
	if (one->is_known && one->text != NULL)
		order = strcmp(one->text, other->text);
	else if (one->is_known)
		order = one->number > other->number ? -1 : one->number < other->number;
	if (order != 0)
		return order;
	return one->row < other->row ? -1 : one->row > other->row;
}

struct error *table_sort(const struct table *table, size_t column, size_t **ret)
{
	struct sorted_row *rows = malloc((table->row_count + 1) * sizeof(*rows));
	size_t *order = malloc((table->row_count + 1) * sizeof(*order));

	if (rows == NULL || order == NULL) {
		free(rows);
		free(order);
		return error_no_memory();
	}
	for (size_t i = 0; i < table->row_count; i++)
		rows[i] = read_row(table, column, i);
	qsort(rows, table->row_count, sizeof(*rows), row_compare);
	for (size_t i = 0; i < table->row_count; i++)
		order[i] = table->order != NULL ? table->order[rows[i].row] : rows[i].row;
	free(rows);
	*ret = order;
	return NULL;
}
