/*
 * The threads that made calls as a table (plot layer).
 */
#ifndef PLOT_REPORT_THREAD_TABLE_H
#define PLOT_REPORT_THREAD_TABLE_H

#include "plot/report/report_columns.h"
#include "plot/text/table.h"
#include "plot/totals/profile_totals.h"

/*
 * Sums over the calls of one thread. An outermost one lies within no other that is recorded (and is not
 * inherited at a fork).
 */
struct thread_row {
	const struct call_thread *thread; /* borrowed of the nesting */
	uint64_t calls, inherited_calls, held_calls;
	uint64_t outermost_calls;
	int64_t outermost_ns;	      /* saturates at INT64_MAX */
	double net_mib;		      /* of outermost calls */
	int64_t first_ns, last_ns;    /* PROFILE_TIME_UNKNOWN without calls */
	const char *longest_function; /* of the longest outermost call; NULL: none */
	int64_t longest_ns;
};

struct thread_table {
	struct table table; /* rows by process, then by tid */
	struct table_column columns[TABLE_COLUMNS_MOST];
	struct report_subject subject;
	struct thread_row *rows;
	bool has_held; /* some figure has that mark */
};

/* Of functions that are not hidden, calls of hidden ones are as if they were not recorded. */
struct error *thread_table_init(struct thread_table *threads, const struct report_subject *subject,
				const struct profile_totals *totals) MUST_CHECK;
void thread_table_deinit(struct thread_table *threads);

#endif
