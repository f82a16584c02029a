/*
 * The names in a column of a table, and what tells each from the others (plot layer). Pure.
 */
#ifndef PLOT_TEXT_TABLE_NAMES_H
#define PLOT_TEXT_TABLE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "plot/text/text_brief.h"

/* The names of a column; once they are sorted, by their addresses and each once. */
struct table_names {
	const char **list;
	size_t count, capacity;
	bool are_too_many;
	struct text_brief *briefs; /* in the list's order; NULL: none are wanted */
};

/* Borrows @name. Rows by the million may have few functions; of too many names nothing is kept. */
struct error *table_names_add(struct table_names *names, const char *name) MUST_CHECK;

/* When all are there. */
struct error *table_names_find_briefs(struct table_names *names) MUST_CHECK;

/* NULL: none was wanted, or there were too many. @name: one that was added, not a copy. */
const struct text_brief *table_names_brief(const struct table_names *names, const char *name);

void table_names_deinit(struct table_names *names);

#endif
