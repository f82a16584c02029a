/* Columns of a report's tables; see report_columns.h. Plot layer. */
#include "plot/report/report_columns.h"

#include <string.h>

size_t report_columns_init(struct table_column *ret, const struct report_subject *subject,
			   const struct table_column *columns, size_t count)
{
	static const struct table_column path = { "profile", "profile", TABLE_TEXT,
						  TABLE_DATA_ONLY };
	size_t first = 0;

	if (subject->names_file)
		ret[first++] = path;
	memcpy(ret + first, columns, count * sizeof(*columns));
	return first + count;
}

struct table_cell *report_first_cells(const struct report_subject *subject,
				      struct table_cell *cells)
{
	if (!subject->names_file)
		return cells;
	*cells = cell_text(subject->profile->path);
	return cells + 1;
}

void report_hide_column(struct table_column *columns, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(columns[i].key, key) == 0)
			columns[i].rank = TABLE_DATA_ONLY;
	}
}
