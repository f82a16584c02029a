/* Figures of a table for people; see table_cells.h. Plot layer. */
#include "plot/text/table_cells.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plot/text/text.h"

bool table_kind_is_text(enum table_kind kind)
{
	return kind == TABLE_TEXT || kind == TABLE_WHOLE || kind == TABLE_NAME ||
	       kind == TABLE_FLAG;
}

/* What rounds to nothing has no sign. */
static void format_change(double mib, char ret[static TABLE_FIGURE_BYTES])
{
	char size[TEXT_FIGURE_BYTES];

	if (text_is_no_memory(mib)) {
		strcpy(ret, "0");
		return;
	}
	text_format_memory(size, fabs(mib));
	snprintf(ret, TABLE_FIGURE_BYTES, "%s%s", text_sign(mib), size);
}

static void format_rate(double mib_per_s, char ret[static TABLE_FIGURE_BYTES])
{
	static const double s_per_h = 3600;
	char size[TEXT_FIGURE_BYTES];

	if (text_is_no_memory(mib_per_s * s_per_h)) {
		strcpy(ret, "0");
		return;
	}
	text_format_rate(size, fabs(mib_per_s));
	snprintf(ret, TABLE_FIGURE_BYTES, "%s%s", text_sign(mib_per_s), size);
}

static void format_percent(double percent, char ret[static TABLE_FIGURE_BYTES])
{
	double size = fabs(percent);

	if (size < 0.05)
		strcpy(ret, "0 %");
	else
		snprintf(ret, TABLE_FIGURE_BYTES, "%s%.*f %%", text_sign(percent),
			 size < 99.95 ? 1 : 0, size);
}

/* What rounds to the start is the start. */
static void format_moment(int64_t ns, char ret[static TABLE_FIGURE_BYTES])
{
	double seconds = (double)ns / 1e9;

	snprintf(ret, TABLE_FIGURE_BYTES, "%.3f s", fabs(seconds) < 0.0005 ? 0 : seconds);
}

static void format_known(const struct table_column *column, const struct table_cell *cell,
			 char ret[static TABLE_FIGURE_BYTES])
{
	switch (column->kind) {
	case TABLE_INTEGER:
		snprintf(ret, TABLE_FIGURE_BYTES, "%" PRId64, cell->integer);
		return;
	case TABLE_COUNT:
		text_format_count(ret, (double)cell->count);
		return;
	case TABLE_DURATION:
		text_format_duration(ret, cell->ns);
		return;
	case TABLE_MOMENT:
		format_moment(cell->ns, ret);
		return;
	case TABLE_MEMORY:
		text_format_memory(ret, cell->number);
		if (cell->number == 0)
			strcpy(ret, "0");
		return;
	case TABLE_CHANGE:
		format_change(cell->number, ret);
		return;
	case TABLE_RATE:
		format_rate(cell->number, ret);
		return;
	case TABLE_PERCENT:
		format_percent(cell->number, ret);
		return;
	case TABLE_FIGURE:
		snprintf(ret, TABLE_FIGURE_BYTES, "%s", cell->figure);
		return;
	case TABLE_TEXT:
	case TABLE_WHOLE:
	case TABLE_NAME:
	case TABLE_FLAG:
		break;
	}
	ret[0] = '\0';
}

void table_format_figure(const struct table_column *column, const struct table_cell *cell,
			 char ret[static TABLE_FIGURE_BYTES])
{
	char figure[TABLE_FIGURE_BYTES];

	if (!cell->is_known) {
		strcpy(ret, "-");
		return;
	}
	format_known(column, cell, figure);
	snprintf(ret, TABLE_FIGURE_BYTES, "%s%.*s", cell->mark != NULL ? cell->mark : "",
		 TABLE_FIGURE_BYTES - 8, figure);
}
