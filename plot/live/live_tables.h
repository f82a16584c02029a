/*
 * The tables of a live view, in as many lines as there are (plot layer). Pure.
 */
#ifndef PLOT_LIVE_LIVE_TABLES_H
#define PLOT_LIVE_LIVE_TABLES_H

#include <stdio.h>

#include "plot/live/live_rows.h"
#include "plot/model/plot_model.h"
#include "plot/term/term_page.h"

struct live_tables {
	FILE *out;
	const struct term_page *page;
	const struct profile *profile;
	const struct live_rows *rows;
	const struct plot_model *model; /* of the curves, for their colours; NULL: none is drawn */
};

/* How many lines they would have with all there is. */
size_t live_tables_wanted(const struct live_rows *rows);

/* Puts them in at most @lines. Returns how many it took. */
size_t live_tables_put(const struct live_tables *tables, size_t lines);

/* @text in just so many columns, what is too long without its middle. */
void live_put_fit(FILE *out, const char *text, size_t columns);

#endif
