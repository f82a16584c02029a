/*
 * Limits as `check` has them, on its command line and, in the same words, in a budget (plot layer). Pure.
 */
#ifndef PLOT_COMPARE_LIMIT_H
#define PLOT_COMPARE_LIMIT_H

#include "plot/compare/condition.h"

struct limit_option {
	const char *name;	 /* "max-peak", without the dashes */
	enum figure figure;	 /* what it limits: of a function, when --func is needed */
	enum figure tree_figure; /* with --tree; FIGURE_COUNT: --tree does not go with it */
};

/* NULL behind the last one. */
const struct limit_option *limit_option_at(size_t index);

/* NULL: there is none. */
const struct limit_option *limit_option_find(const char *name);

bool limit_option_needs_function(const struct limit_option *option);

/* "--max-peak, …": for people. */
enum { LIMIT_OPTIONS_BYTES = 120 };
void limit_options_list(char ret[static LIMIT_OPTIONS_BYTES]);

/* What stands beside a limit. */
struct limit_scope {
	const char *function; /* --func; NULL: none */
	bool is_tree;	      /* --tree */
	double band_percent;  /* --band; NAN: none */
	const char *origin;   /* "budget.txt:3"; NULL: the command line */
};

/* Of a band: 1 to 100, with or without "%". 100 is no band: nothing is that far below. */
struct error *limit_parse_band(const char *text, double *ret_percent) MUST_CHECK;

/* Fails with ERR_USAGE on an amount that is none, and where --func or --tree do not go with it. */
struct error *limit_add(struct conditions *conditions, const struct limit_option *option,
			const char *amount, const struct limit_scope *scope) MUST_CHECK;

#endif
