/* The legend in characters; see term_legend.h. Plot layer. */
#include "plot/term/term_legend.h"

#include <stdlib.h>

#include "plot/model/palette.h"
#include "plot/term/term_areas.h"
#include "plot/text/text_columns.h"

enum { KEY_COLUMNS = 4, GAP_COLUMNS = 2, NARROWEST = 34, LEAST_NAME = 8 };

char term_bracket_sign(int form, bool is_held, bool is_exit)
{
	static const char signs[PALETTE_DASHES][3] = { "[]", "<>", "{}", "/\\", "db", "qp" };

	return is_held ? "()"[is_exit] : signs[form][is_exit];
}

static size_t widest_entry(const struct plot_model *model)
{
	size_t widest = 0;

	for (size_t i = 0; i < model->legend_count; i++) {
		const struct plot_legend_entry *entry = &model->legend[i];
		size_t columns = text_columns(entry->name) + text_columns(entry->detail);
		widest = columns > widest ? columns : widest;
	}
	return KEY_COLUMNS + widest;
}

/* As many columns as hold all entries whole; more of them, with shorter names, where lines are short. */
void term_legend_init(struct term_legend *legend, const struct plot_model *model, size_t width,
		      size_t most_rows)
{
	size_t count = model->legend_count, widest = widest_entry(model);
	size_t columns = (width + GAP_COLUMNS) / (widest + GAP_COLUMNS);

	columns = columns < 1 ? 1 : columns;
	columns = columns > count && count > 0 ? count : columns;
	while ((count + columns - 1) / columns > most_rows && width / (columns + 1) >= NARROWEST)
		columns++;
	size_t rows = (count + columns - 1) / columns;
	rows = rows > most_rows ? most_rows : rows;
	*legend = (struct term_legend){
		.columns = columns,
		.rows = rows,
		.width = (width - GAP_COLUMNS * (columns - 1)) / columns,
		.shown = count < rows * columns ? count : rows * columns,
	};
}

static void put_key(FILE *out, const struct plot_legend_entry *entry, const struct term_page *page)
{
	static const char *const keys[] = {
		[PLOT_KEY_MAIN] = "\xe2\x94\x81\xe2\x94\x81",
		[PLOT_KEY_CHILD] = "\xe2\x94\x80\xe2\x94\x80",
		[PLOT_KEY_BRACKET] = "",
		[PLOT_KEY_HELD] = "()",
		[PLOT_KEY_TICK] = "| ",
		[PLOT_KEY_BAR] = "[]",
		[PLOT_KEY_AREA] = "",
		[PLOT_KEY_BAND] = "",
		[PLOT_KEY_LIMIT] = "\xe2\x95\x8c\xe2\x95\x8c",
		[PLOT_KEY_PEAK] = "\xe2\x95\x8c\xe2\x95\x8c",
		[PLOT_KEY_OTHER_PEAK] = "\xe2\x95\x8c\xe2\x95\x8c",
		[PLOT_KEY_NONE] = "  ",
	};

	term_put_color(out, page, entry->color);
	if (entry->key == PLOT_KEY_BRACKET)
		fprintf(out, "%c%c", term_bracket_sign(entry->dash, false, false),
			term_bracket_sign(entry->dash, false, true));
	if (entry->key == PLOT_KEY_AREA)
		fprintf(out, "%s%s", term_area_sign((size_t)entry->dash),
			term_area_sign((size_t)entry->dash));
	if (entry->key == PLOT_KEY_BAND)
		fprintf(out, "%s%s", term_band_sign(entry->dash != 0),
			term_band_sign(entry->dash != 0));
	fputs(keys[entry->key], out);
	term_put_color(out, page, TERM_NO_COLOR);
	fprintf(out, "%*s", KEY_COLUMNS - 2, "");
}

/* As on a page: whole, without the scope that all have, brief, and then without its middle. */
static char *fit_name(const struct plot_legend_entry *entry, size_t columns)
{
	const char *name = entry->name;

	if (entry->brief.text != NULL && text_columns(name) > columns)
		name += entry->brief.prefix_bytes;
	if (entry->brief.text != NULL && text_columns(name) > columns)
		name = entry->brief.text;
	return text_fit_columns(name, columns);
}

/* All of the figures, or what of them stays where they find no room, or none. */
static const char *fit_detail(const struct plot_legend_entry *entry, size_t room)
{
	const char *const details[] = { entry->detail, entry->brief_detail };
	const char *brief = entry->brief.text != NULL ? entry->brief.text : entry->name;

	for (size_t i = 0; i < 2 && details[i] != NULL; i++) {
		size_t columns = text_columns(details[i]);
		if (text_columns(brief) + columns <= room || room > columns + LEAST_NAME)
			return details[i];
	}
	return "";
}

/* Returns how many columns it takes. */
static size_t put_entry(FILE *out, const struct term_legend *legend,
			const struct plot_legend_entry *entry, const struct term_page *page)
{
	size_t room = legend->width - KEY_COLUMNS;
	const char *detail = fit_detail(entry, room);
	char *name = fit_name(entry, room - text_columns(detail));

	put_key(out, entry, page);
	fprintf(out, "%s%s", name != NULL ? name : "", detail);
	size_t used = name != NULL ? text_columns(name) : 0;
	free(name);
	return KEY_COLUMNS + used + text_columns(detail);
}

static size_t put_rest(FILE *out, size_t count)
{
	char text[48];

	int bytes = snprintf(text, sizeof(text), "\xe2\x80\xa6 and %zu more", count);
	fprintf(out, "%*s%s", KEY_COLUMNS, "", text);
	return KEY_COLUMNS + (size_t)bytes -
	       2; /* the ellipsis is three bytes wide and one column */
}

void term_legend_put(FILE *out, const struct term_legend *legend, const struct plot_model *model,
		     const struct term_page *page)
{
	for (size_t row = 0; row < legend->rows; row++) {
		size_t gap = 0;
		for (size_t i = row; i < legend->shown; i += legend->rows) {
			bool is_rest =
				i + 1 == legend->shown && legend->shown < model->legend_count;
			fprintf(out, "%*s", (int)gap, "");
			size_t used = is_rest ? put_rest(out, model->legend_count - i)
					      : put_entry(out, legend, &model->legend[i], page);
			gap = legend->width + GAP_COLUMNS -
			      (used < legend->width ? used : legend->width);
		}
		fputc('\n', out);
	}
}
