/* The tables of a live view; see live_tables.h. Plot layer. */
#include "plot/live/live_tables.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/model/plot_curves.h"
#include "plot/text/text.h"
#include "plot/text/text_columns.h"

enum { NAME_BYTES_MOST = 1024, FIGURE_COLUMNS = 12, PID_COLUMNS = 8, NARROW_COLUMNS = 60 };

/* A name of a megabyte is not measured letter by letter at each picture. */
static char *cut_name(const char *name)
{
	size_t bytes = strnlen(name, NAME_BYTES_MOST);

	if (bytes == NAME_BYTES_MOST) { /* not within a letter */
		while (bytes > 0 && ((unsigned char)name[bytes] & 0xc0) == 0x80)
			bytes--;
	}
	return strndup(name, bytes);
}

void live_put_fit(FILE *out, const char *text, size_t columns)
{
	char *cut = cut_name(text);
	char *fit = cut != NULL ? text_fit_columns(cut, columns) : NULL;
	size_t used = fit != NULL ? text_columns(fit) : 0;

	if (used <= columns)
		fprintf(out, "%s%*s", fit != NULL ? fit : "", (int)(columns - used), "");
	else
		fprintf(out, "%*s", (int)columns, "");
	free(cut);
	free(fit);
}

/* The same at the right edge. Never cut: figures are short. */
static void put_right(FILE *out, const char *text, size_t columns)
{
	size_t used = text_columns(text);

	fprintf(out, "%*s%s", used < columns ? (int)(columns - used) : 0, "", text);
}

static void put_memory(FILE *out, double mib, const char *behind, bool has_sign)
{
	char figure[TEXT_FIGURE_BYTES], text[2 * TEXT_FIGURE_BYTES];
	const char *sign = mib < 0 ? "-" : has_sign && mib > 0 ? "+" : "";

	text_format_memory(figure, fabs(mib));
	snprintf(text, sizeof(text), "%s%s%s", sign, figure, behind);
	put_right(out, text, FIGURE_COLUMNS + strlen(behind));
}

static void put_duration(FILE *out, int64_t ns)
{
	char figure[TEXT_FIGURE_BYTES];

	text_format_duration(figure, ns);
	put_right(out, figure, FIGURE_COLUMNS);
}

static void put_heading(const struct live_tables *tables, const char *figures, const char *name)
{
	size_t used = strlen(figures);
	size_t columns = tables->page->columns;

	/* Bold, not coloured: for those who want no colours, too. */
	fprintf(tables->out, "\033[1m%.*s", (int)columns, figures);
	if (used < columns)
		live_put_fit(tables->out, name, columns - used);
	fputs("\033[0m\n", tables->out);
}

/* Behind the figures, which took @used columns. */
static void put_name(const struct live_tables *tables, const char *name, size_t used)
{
	size_t columns = tables->page->columns;

	fputs("  ", tables->out);
	if (used + 2 < columns)
		live_put_fit(tables->out, name, columns - used - 2);
	fputc('\n', tables->out);
}

/* Then there is one figure less. */
static bool is_narrow(const struct live_tables *tables)
{
	return tables->page->columns < NARROW_COLUMNS;
}

static void put_process(const struct live_tables *tables, const struct live_process *row)
{
	const struct profile_process *process = &tables->profile->processes[row->process];
	const struct plot_curve *curve = NULL;

	if (tables->model != NULL)
		curve = plot_model_find_curve(tables->model, 0, row->process);
	if (curve != NULL)
		term_put_color(tables->out, tables->page, curve->color);
	fprintf(tables->out, "%*" PRId32, PID_COLUMNS, process->pid);
	put_memory(tables->out, row->now_mib, "", false);
	put_memory(tables->out, row->peak_mib, "", false);
	if (!is_narrow(tables))
		put_memory(tables->out, row->growth_mib_per_s, "/s", true);
	put_name(tables, process->command != NULL ? process->command : "?",
		 PID_COLUMNS + 2 * FIGURE_COLUMNS + (is_narrow(tables) ? 0 : FIGURE_COLUMNS + 2));
	if (curve != NULL)
		term_put_color(tables->out, tables->page, TERM_NO_COLOR);
}

static void put_call(const struct live_tables *tables, const struct live_call *row)
{
	const struct profile_function *function = &tables->profile->functions[row->function];
	const struct profile_call *call = &function->calls[row->call];

	fprintf(tables->out, "%*" PRId32, PID_COLUMNS, call->tid);
	put_duration(tables->out, row->since_ns);
	put_memory(tables->out, row->gained_mib, "", true);
	put_name(tables, function->name, PID_COLUMNS + 2 * FIGURE_COLUMNS);
}

static void put_function(const struct live_tables *tables, const struct live_function *row)
{
	char count[TEXT_FIGURE_BYTES];

	text_format_count(count, (double)row->totals.calls);
	put_right(tables->out, count, PID_COLUMNS);
	put_duration(tables->out, row->totals.total_ns);
	if (!is_narrow(tables))
		put_duration(tables->out, row->totals.longest_ns);
	put_memory(tables->out, row->totals.net_mib, "", true);
	put_name(tables, tables->profile->functions[row->function].name,
		 PID_COLUMNS + (is_narrow(tables) ? 2 : 3) * FIGURE_COLUMNS);
}

/* A heading, and no line without one below it. */
static size_t wanted(size_t count)
{
	return count > 0 ? count + 1 : 0;
}

size_t live_tables_wanted(const struct live_rows *rows)
{
	return wanted(rows->process_count) + wanted(rows->call_count) +
	       wanted(rows->function_count);
}

enum { TABLES = 3 };

/* Each gets an equal share, and what others do not need. */
static void share_lines(const size_t *wants, size_t lines, size_t *ret)
{
	for (size_t i = 0; i < TABLES; i++)
		ret[i] = 0;
	for (bool has_given = true; lines > 0 && has_given;) {
		has_given = false;
		for (size_t i = 0; i < TABLES && lines > 0; i++) {
			if (ret[i] == wants[i])
				continue;
			ret[i]++;
			lines--;
			has_given = true;
		}
	}
	/* A heading alone says nothing. */
	for (size_t i = 0; i < TABLES; i++)
		ret[i] = ret[i] == 1 ? 0 : ret[i];
}

size_t live_tables_put(const struct live_tables *tables, size_t lines)
{
	const struct live_rows *rows = tables->rows;
	const size_t wants[TABLES] = { wanted(rows->process_count), wanted(rows->call_count),
				       wanted(rows->function_count) };
	size_t given[TABLES];

	share_lines(wants, lines, given);
	if (given[0] > 0)
		put_heading(tables,
			    is_narrow(tables) ? "     PID      MEMORY        PEAK  "
					      : "     PID      MEMORY        PEAK        GROWTH  ",
			    "PROCESS");
	for (size_t i = 0; i + 1 < given[0]; i++)
		put_process(tables, &rows->processes[i]);
	if (given[1] > 0)
		put_heading(tables, "  THREAD       SINCE      GAINED  ", "OPEN CALL");
	for (size_t i = 0; i + 1 < given[1]; i++)
		put_call(tables, &rows->calls[i]);
	if (given[2] > 0)
		put_heading(tables,
			    is_narrow(tables) ? "   CALLS        TIME      GAINED  "
					      : "   CALLS        TIME     LONGEST      GAINED  ",
			    "FUNCTION");
	for (size_t i = 0; i + 1 < given[2]; i++)
		put_function(tables, &rows->functions[i]);
	return given[0] + given[1] + given[2];
}
