/*
 * The rows of a table in the order of one of its columns (plot layer). Pure.
 */
#ifndef PLOT_TEXT_TABLE_SORT_H
#define PLOT_TEXT_TABLE_SORT_H

#include "plot/text/table.h"

/* The column that @word names: its key, its key without the unit, or its title; SIZE_MAX: none. */
size_t table_find_column(const struct table *table, const char *word);

/*
 * What there is most of comes first; texts, pids and moments come from the first on; rows where the cell is
 * not known come last. Equal rows stay as they are. *@ret is for table->order, and owned by the caller.
 */
struct error *table_sort(const struct table *table, size_t column, size_t **ret) MUST_CHECK;

#endif
