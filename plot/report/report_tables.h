/*
 * The tables of a report by their kinds, each made, sorted and written alike (plot layer, private to report).
 */
#ifndef PLOT_REPORT_REPORT_TABLES_H
#define PLOT_REPORT_REPORT_TABLES_H

#include "plot/report/call_table.h"
#include "plot/report/function_table.h"
#include "plot/report/growth_table.h"
#include "plot/report/part_table.h"
#include "plot/report/process_table.h"
#include "plot/report/report_options.h"
#include "plot/report/thread_table.h"

struct report_one {
	enum report_table kind;
	union {
		struct function_table functions;
		struct process_table processes;
		struct part_table parts;
		struct growth_table growth;
		struct thread_table threads;
		struct call_table calls;
	};
	struct table *table; /* of the kind's own */
	size_t *order;
	size_t left_out; /* rows beyond the options' top */
	bool has_held, has_at_most, has_at_least;
};

/* "functions": the key of its array in JSON, and what its title says. */
const char *report_table_name(enum report_table kind);

/* Not to be moved in memory afterwards. Sorted and cut as the options say. */
struct error *report_one_init(struct report_one *one, enum report_table kind,
			      const struct report_subject *subject,
			      const struct profile_totals *totals,
			      const struct report_options *options) MUST_CHECK;
void report_one_deinit(struct report_one *one);

/* No column of a table that is wanted has the name of the options' sort: ERR_USAGE, with those there are. */
struct error *report_tables_check_sort(const struct report_options *options) MUST_CHECK;

#endif
