/* Verdicts in a terminal; see verdict_table.h. Plot layer. */
#include "plot/compare/verdict_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/compare/verdict_text.h"
#include "plot/text/table.h"
#include "plot/text/text.h"

struct verdict_row {
	const struct verdict *verdict;
	char *text, *subject, *remark; /* owned, clean; the first is the user's own */
	char measured[FIGURE_TEXT_BYTES], allowed[VERDICT_ALLOWED_BYTES];
};

static const struct table_column columns[] = {
	{ "", "verdict", TABLE_TEXT, 0 },
	{ "condition", "condition", TABLE_TEXT, TABLE_DATA_ONLY },
	{ "limit", "limit", TABLE_NAME, 0 },
	{ "measured", "measured", TABLE_FIGURE, 0 },
	{ "allowed", "allowed", TABLE_FIGURE, 0 },
	{ "", "remark", TABLE_TEXT, 0 },
};

/* Percent, or the figure's own unit. */
static double number_of(const struct verdict *verdict, double value)
{
	if (verdict->condition->kind == AMOUNT_PERCENT)
		return value;
	return figure_number(figure_traits(verdict->condition->figure)->quantity, value);
}

static void fill_row(void *data, size_t index, struct table_cell *cells)
{
	const struct verdict_row *row = &((const struct verdict_row *)data)[index];
	const struct condition *condition = row->verdict->condition;

	cells[0] =
		(struct table_cell){ .is_known = true, .text = verdict_word(row->verdict->status) };
	cells[1] = (struct table_cell){ .is_known = true, .text = row->text };
	cells[2] = (struct table_cell){ .is_known = true, .text = row->subject };
	cells[3] = (struct table_cell){ .is_known = !isnan(row->verdict->measured),
					.figure = row->measured,
					.number = number_of(row->verdict, row->verdict->measured) };
	cells[4] = (struct table_cell){ .is_known = true,
					.figure = row->allowed,
					.number = number_of(row->verdict, condition->amount) };
	cells[5] = (struct table_cell){ .is_known = true, .text = row->remark };
}

static struct error *make_rows(const struct verdicts *verdicts, struct verdict_row *rows)
{
	for (size_t i = 0; i < verdicts->count; i++) {
		struct verdict_row *row = &rows[i];
		row->verdict = &verdicts->list[i];
		row->text = text_clean(row->verdict->condition->text,
				       strlen(row->verdict->condition->text));
		row->subject = verdict_subject(row->verdict);
		row->remark = verdict_remark(row->verdict);
		if (row->text == NULL || row->subject == NULL || row->remark == NULL)
			return error_no_memory();
		verdict_format_measured(row->verdict, row->measured);
		verdict_format_allowed(row->verdict, row->allowed);
	}
	return NULL;
}

static void free_rows(const struct verdicts *verdicts, struct verdict_row *rows)
{
	for (size_t i = 0; rows != NULL && i < verdicts->count; i++) {
		free(rows[i].text);
		free(rows[i].subject);
		free(rows[i].remark);
	}
	free(rows);
}

/* For free_rows, also when it fails. */
static struct error *make_table(const struct verdicts *verdicts, struct verdict_row **ret_rows,
				struct table *ret)
{
	struct verdict_row *rows = calloc(verdicts->count + 1, sizeof(*rows));

	*ret_rows = rows;
	*ret = (struct table){
		.columns = columns,
		.column_count = sizeof(columns) / sizeof(columns[0]),
		.row_count = verdicts->count,
		.fill = fill_row,
		.data = rows,
	};
	return rows == NULL ? error_no_memory() : make_rows(verdicts, rows);
}

struct error *verdicts_print(const struct verdicts *verdicts, FILE *out, size_t width)
{
	struct verdict_row *rows;
	struct table table;
	struct error *err = make_table(verdicts, &rows, &table);

	if (err == NULL)
		err = table_print(&table, out, width);
	free_rows(verdicts, rows);
	return err;
}

struct error *verdicts_write_json(const struct verdicts *verdicts, struct json_writer *json,
				  const char *key)
{
	struct verdict_row *rows;
	struct table table;
	struct error *err = make_table(verdicts, &rows, &table);

	if (err == NULL)
		table_write_json(&table, json, key);
	free_rows(verdicts, rows);
	return err;
}
