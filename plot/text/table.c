/* Tables for people and for programs; see table.h. Plot layer. */
#include "plot/text/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "plot/text/stream_check.h"
#include "plot/text/table_cells.h"
#include "plot/text/table_names.h"
#include "plot/text/text_columns.h"

enum { GAP_COLUMNS = 2, TEXT_LEAST_COLUMNS = 16 };

/* Of a table of any width: what stands behind a name is to be seen, too. */
enum { NAME_MOST_COLUMNS = 72 };

/* How a column is printed. */
struct column_layout {
	size_t natural; /* width */
	size_t columns; /* that; then the width that it gets */
	bool is_shown;
	size_t prefix_bytes; /* that all its texts begin with, up to the end of a word */
	const char *first;   /* the first of its texts */
	struct table_names names;
};

struct table_print {
	const struct table *table;
	FILE *out;
	struct column_layout layout[TABLE_COLUMNS_MOST];
	struct table_cell cells[TABLE_COLUMNS_MOST];
	size_t spaces; /* due before the next text */
};

static void fill_row(struct table_print *print, size_t row)
{
	table_fill_row(print->table, row, print->cells);
}

static const char *cell_text(const struct table_column *column, const struct table_cell *cell)
{
	if (column->kind == TABLE_FLAG)
		return cell->is_known && cell->flag ? column->title : "";
	return cell->is_known && cell->text != NULL ? cell->text : "-";
}

static void note_prefix(struct column_layout *layout, const char *text)
{
	size_t same = 0;

	if (layout->first == NULL) {
		layout->first = text;
		layout->prefix_bytes = strlen(text);
		return;
	}
	while (same < layout->prefix_bytes && text[same] == layout->first[same])
		same++;
	layout->prefix_bytes = same;
}

static struct error *measure_cell(const struct table_column *column, struct column_layout *layout,
				  const struct table_cell *cell)
{
	char figure[TABLE_FIGURE_BYTES];
	struct error *err = NULL;
	size_t columns;

	if (table_kind_is_text(column->kind)) {
		const char *text = cell_text(column, cell);
		if (column->kind != TABLE_FLAG)
			note_prefix(layout, text);
		if (column->kind == TABLE_NAME)
			err = table_names_add(&layout->names, text);
		columns = cell->indent + text_columns(text);
	} else {
		table_format_figure(column, cell, figure);
		columns = text_columns(figure);
	}
	layout->columns = columns > layout->columns ? columns : layout->columns;
	layout->natural = layout->columns;
	return err;
}

/* Back to the end of a word: what is left begins with a name of its own. */
static void end_prefix_at_word(struct column_layout *layout, size_t row_count)
{
	if (row_count < 2)
		layout->prefix_bytes = 0;
	while (layout->prefix_bytes > 0 &&
	       strchr(" :/,(<", layout->first[layout->prefix_bytes - 1]) == NULL)
		layout->prefix_bytes--;
}

static struct error *measure(struct table_print *print)
{
	const struct table *table = print->table;
	struct error *err = NULL;

	for (size_t i = 0; i < table->column_count; i++)
		print->layout[i] = (struct column_layout){
			.columns = text_columns(table->columns[i].title),
			.is_shown = table->columns[i].rank != TABLE_DATA_ONLY,
		};
	for (size_t row = 0; err == NULL && row < table->row_count; row++) {
		fill_row(print, row);
		for (size_t i = 0; err == NULL && i < table->column_count; i++) {
			if (print->layout[i].is_shown)
				err = measure_cell(&table->columns[i], &print->layout[i],
						   &print->cells[i]);
		}
	}
	for (size_t i = 0; i < table->column_count; i++)
		end_prefix_at_word(&print->layout[i], table->row_count);
	return err;
}

static bool can_shrink(const struct table_column *column)
{
	return column->kind == TABLE_TEXT || column->kind == TABLE_NAME;
}

/* The width of all that is shown; @is_least: with texts as short as they get. */
static size_t total_columns(const struct table_print *print, bool is_least)
{
	size_t total = 0;

	for (size_t i = 0; i < print->table->column_count; i++) {
		size_t columns = print->layout[i].columns;
		if (!print->layout[i].is_shown)
			continue;
		if (is_least && can_shrink(&print->table->columns[i]) &&
		    columns > TEXT_LEAST_COLUMNS)
			columns = TEXT_LEAST_COLUMNS;
		total += columns + (total > 0 ? GAP_COLUMNS : 0);
	}
	return total;
}

/* The one that can be missed most; NULL: none. */
static struct column_layout *find_dispensable(struct table_print *print)
{
	struct column_layout *found = NULL;
	unsigned highest = 0;

	for (size_t i = 0; i < print->table->column_count; i++) {
		if (!print->layout[i].is_shown || print->table->columns[i].rank <= highest)
			continue;
		highest = print->table->columns[i].rank;
		found = &print->layout[i];
	}
	return found;
}

static struct column_layout *find_widest_text(struct table_print *print)
{
	struct column_layout *widest = NULL;

	for (size_t i = 0; i < print->table->column_count; i++) {
		struct column_layout *layout = &print->layout[i];
		if (layout->is_shown && can_shrink(&print->table->columns[i]) &&
		    layout->columns > TEXT_LEAST_COLUMNS &&
		    (widest == NULL || layout->columns > widest->columns))
			widest = layout;
	}
	return widest;
}

/* Leaves out columns, then shortens texts, the longest first. Returns how many were left out. */
static size_t fit(struct table_print *print, size_t width)
{
	struct column_layout *layout;
	size_t left_out = 0;

	while (total_columns(print, true) > width && (layout = find_dispensable(print)) != NULL) {
		layout->is_shown = false;
		left_out++;
	}
	for (size_t total; (total = total_columns(print, false)) > width &&
			   (layout = find_widest_text(print)) != NULL;) {
		size_t excess = total - width, spare = layout->columns - TEXT_LEAST_COLUMNS;
		layout->columns -= excess < spare ? excess : spare;
	}
	return left_out;
}

/* Those at the end of a line are not written. */
static void put_spaces(struct table_print *print, size_t count)
{
	print->spaces += count;
}

static void put_text(struct table_print *print, const char *text)
{
	if (text[0] == '\0')
		return;
	fprintf(print->out, "%*s%s", (int)print->spaces, "", text);
	print->spaces = 0;
}

static void end_line(struct table_print *print)
{
	putc('\n', print->out);
	print->spaces = 0;
}

/* Of columns that are narrower than their names. */
static struct error *find_briefs(struct table_print *print)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < print->table->column_count; i++) {
		const struct column_layout *layout = &print->layout[i];
		struct table_names *names = &print->layout[i].names;
		if (names->count == 0 || !layout->is_shown || layout->columns >= layout->natural)
			continue;
		err = table_names_find_briefs(names);
	}
	return err;
}

/* A text that is too long begins where it differs from others. NULL: no memory. */
static char *shorten(const struct table_column *column, const struct column_layout *layout,
		     const char *text, size_t columns)
{
	const struct text_brief *brief = table_names_brief(&layout->names, text);
	size_t prefix = brief != NULL ? brief->prefix_bytes : layout->prefix_bytes;
	char *fit_text, *marked = NULL;

	if (text_columns(text) <= columns)
		return strdup(text);
	bool is_marked = prefix >= GAP_COLUMNS && columns >= GAP_COLUMNS;
	size_t room = is_marked ? columns - 1 : columns;
	text += is_marked ? prefix : 0;
	if (brief != NULL && text_columns(text) > room)
		fit_text = text_fit_columns(brief->text, room);
	else
		fit_text = column->kind == TABLE_NAME ? text_fit_name(text, room)
						      : text_fit_columns(text, room);
	if (fit_text == NULL || !is_marked)
		return fit_text;
	if (asprintf(&marked, "\xe2\x80\xa6%s", fit_text) < 0)
		marked = NULL;
	free(fit_text);
	return marked;
}

static struct error *print_text(struct table_print *print, size_t index)
{
	const struct table_column *column = &print->table->columns[index];
	const struct column_layout *layout = &print->layout[index];
	const struct table_cell *cell = &print->cells[index];
	/* However deep, half of the room is for the text. */
	size_t indent = cell->indent < layout->columns / 2 ? cell->indent : layout->columns / 2;
	char *text = shorten(column, layout, cell_text(column, cell), layout->columns - indent);

	if (text == NULL)
		return error_no_memory();
	put_spaces(print, indent);
	put_text(print, text);
	put_spaces(print, layout->columns - indent - text_columns(text));
	free(text);
	return NULL;
}

static void put_aligned(struct table_print *print, size_t index, const char *text)
{
	bool is_text = table_kind_is_text(print->table->columns[index].kind);
	size_t used = text_columns(text), columns = print->layout[index].columns;
	size_t space = used < columns ? columns - used : 0;

	if (!is_text)
		put_spaces(print, space);
	put_text(print, text);
	if (is_text)
		put_spaces(print, space);
}

/* @row: SIZE_MAX for the titles. */
static struct error *print_row(struct table_print *print, size_t row)
{
	const struct table *table = print->table;
	struct error *err = NULL;
	bool is_first = true;

	if (row != SIZE_MAX)
		fill_row(print, row);
	for (size_t i = 0; err == NULL && i < table->column_count; i++) {
		char figure[TABLE_FIGURE_BYTES];
		if (!print->layout[i].is_shown)
			continue;
		if (!is_first)
			put_spaces(print, GAP_COLUMNS);
		is_first = false;
		if (row == SIZE_MAX) {
			put_aligned(print, i, table->columns[i].title);
		} else if (table_kind_is_text(table->columns[i].kind)) {
			err = print_text(print, i);
		} else {
			table_format_figure(&table->columns[i], &print->cells[i], figure);
			put_aligned(print, i, figure);
		}
	}
	end_line(print);
	return err;
}

/* Columns without a title are not missed by name. */
static void print_left_out(const struct table_print *print, size_t width)
{
	const char *between = "(too narrow for: ";
	size_t used = 0;

	for (size_t i = 0; i < print->table->column_count; i++) {
		const struct table_column *column = &print->table->columns[i];
		if (print->layout[i].is_shown || column->rank == TABLE_DATA_ONLY ||
		    column->title[0] == '\0')
			continue;
		if (used > 0 && used + strlen(between) + strlen(column->title) + 1 > width) {
			between = ",\n ";
			used = 0;
		}
		used += (size_t)fprintf(print->out, "%s%s", between, column->title);
		between = ", ";
	}
	if (used > 0)
		fputs(")\n", print->out);
}

/* Where there is no width, names before the last column are no longer than this. */
static void limit_names(struct table_print *print)
{
	for (size_t i = 0; i + 1 < print->table->column_count; i++) {
		struct column_layout *layout = &print->layout[i];
		if (print->table->columns[i].kind == TABLE_NAME &&
		    layout->columns > NAME_MOST_COLUMNS)
			layout->columns = NAME_MOST_COLUMNS;
	}
}

static struct error *print_rows(struct table_print *print, size_t width)
{
	size_t left_out = 0;

	if (width > 0)
		left_out = fit(print, width);
	else
		limit_names(print);
	struct error *err = find_briefs(print);
	if (err == NULL)
		err = print_row(print, SIZE_MAX);
	for (size_t row = 0; err == NULL && row < print->table->row_count; row++)
		err = print_row(print, row);
	if (err == NULL && left_out > 0)
		print_left_out(print, width);
	return err;
}

struct error *table_print(const struct table *table, FILE *out, size_t width)
{
	struct table_print print = { .table = table, .out = out };

	assert(table->column_count <= TABLE_COLUMNS_MOST);
	struct error *err = measure(&print);
	if (err == NULL)
		err = print_rows(&print, width);
	for (size_t i = 0; i < table->column_count; i++)
		table_names_deinit(&print.layout[i].names);
	return err != NULL ? err : stream_check(out, "the table");
}
