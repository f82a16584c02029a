/* Who grew it, as a table; see growth_table.h. Plot layer. */
#include "plot/report/growth_table.h"

#include <stdlib.h>

static const struct table_column growth_columns[] = {
	{ "own", "own_mib", TABLE_MEMORY, 0 },
	{ "own %", "own_percent", TABLE_PERCENT, TABLE_DATA_ONLY },
	{ "self", "self_mib", TABLE_MEMORY, 0 },
	{ "self %", "self_percent", TABLE_PERCENT, TABLE_DATA_ONLY },
	{ "total", "total_mib", TABLE_MEMORY, 0 },
	{ "total %", "total_percent", TABLE_PERCENT, TABLE_DATA_ONLY },
	{ "faults", "faults", TABLE_COUNT, 1 },
	{ "file", "module", TABLE_TEXT, 2 },
	{ "function", "function", TABLE_NAME, 0 },
};

static double percent_of(double mib, double all_mib)
{
	return all_mib > 0 ? 100 * mib / all_mib : 0;
}

/* In the order of growth_columns. */
static void fill_growth(void *data, size_t row, struct table_cell *cells)
{
	const struct growth_table *growth = data;
	const struct growth_totals *totals = &growth->totals;
	char *const *names = growth->subject.profile->stacks.names;
	const bool is_known = growth->rows[row] < totals->function_count;
	const struct growth_function *function =
		is_known ? &totals->functions[growth->rows[row]] : NULL;
	const double own_mib = is_known ? function->figures.own_mib : totals->unknown_mib;
	const double self_mib = is_known ? function->figures.self_mib : totals->unknown_mib;
	const double total_mib = is_known ? function->figures.total_mib : totals->unknown_mib;
	struct table_cell *cell = report_first_cells(&growth->subject, cells);

	*cell++ = cell_number(own_mib);
	*cell++ = cell_number(percent_of(own_mib, totals->all_mib));
	*cell++ = cell_number(self_mib);
	*cell++ = cell_number(percent_of(self_mib, totals->all_mib));
	*cell++ = cell_number(total_mib);
	*cell++ = cell_number(percent_of(total_mib, totals->all_mib));
	*cell++ = cell_if(is_known, cell_count(is_known ? function->figures.faults : 0));
	*cell++ = cell_text(is_known ? names[function->module] : NULL);
	*cell++ = cell_text(is_known ? names[function->name] : "[stack not known]");
}

static struct error *choose_rows(struct growth_table *growth)
{
	const struct growth_totals *totals = &growth->totals;

	growth->rows = calloc(totals->function_count + 1, sizeof(*growth->rows));
	if (growth->rows == NULL)
		return error_no_memory();
	for (size_t i = 0; i < totals->function_count; i++) {
		if (totals->functions[i].figures.total_mib > 0)
			growth->rows[growth->table.row_count++] = (uint32_t)i;
	}
	if (totals->unknown_mib > 0)
		growth->rows[growth->table.row_count++] = (uint32_t)totals->function_count;
	return NULL;
}

struct error *growth_table_init(struct growth_table *growth, const struct report_subject *subject)
{
	*growth = (struct growth_table){ .subject = *subject };
	growth->table = (struct table){
		.columns = growth->columns,
		.column_count =
			report_columns_init(growth->columns, subject, growth_columns,
					    sizeof(growth_columns) / sizeof(growth_columns[0])),
		.fill = fill_growth,
		.data = growth,
	};
	struct error *err = growth_totals_init(&growth->totals, subject->profile);
	if (err == NULL)
		err = choose_rows(growth);
	if (err != NULL)
		growth_table_deinit(growth);
	return err;
}

void growth_table_deinit(struct growth_table *growth)
{
	growth_totals_deinit(&growth->totals);
	free(growth->rows);
	*growth = (struct growth_table){ 0 };
}
