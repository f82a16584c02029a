/*
 * Two groups of runs side by side: a row for each figure of the run, of each function and of each program
 * (plot layer).
 */
#ifndef PLOT_COMPARE_COMPARISON_TABLE_H
#define PLOT_COMPARE_COMPARISON_TABLE_H

#include "plot/compare/figure_group.h"
#include "plot/text/table.h"

struct comparison_row {
	const struct figure_pair *pair;
	enum figure figure;
	bool is_first; /* of its subject: people see the name once */
};

enum { COMPARISON_COLUMNS = 12 };

/* Borrows the groups: they must outlive it. */
struct comparison {
	struct figure_pair *pairs; /* what grew most first: the run, functions, programs */
	size_t count;
	struct comparison_row *rows;
	size_t row_count;
	size_t hidden;	 /* functions and programs that have no row, because there are too many */
	bool has_spread; /* one of the groups has several runs */

	struct table_column columns[COMPARISON_COLUMNS];
	/* Of the row that is filled last. */
	char figures[6][FIGURE_TEXT_BYTES];
	bool is_for_people;
};

/*
 * At most @most functions and @most programs, those that changed most; 0: all. @is_for_people leaves out what
 * says nothing: figures not known, and those of all processes together where there is but one.
 */
struct error *comparison_init(struct comparison *comparison, const struct figure_group *before,
			      const struct figure_group *after, size_t most,
			      bool is_for_people) MUST_CHECK;
void comparison_deinit(struct comparison *comparison);

/* Valid as long as @comparison, which it fills cells of. */
void comparison_table(struct comparison *comparison, struct table *ret);

#endif
