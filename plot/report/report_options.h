/*
 * What a report is to show, and how (plot layer).
 */
#ifndef PLOT_REPORT_REPORT_OPTIONS_H
#define PLOT_REPORT_REPORT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum report_format { REPORT_TEXT, REPORT_CSV, REPORT_JSON };

/* In the order in which they are written. */
enum report_table {
	REPORT_FUNCTIONS,
	REPORT_PROCESSES,
	REPORT_PARTS,
	REPORT_GROWTH,
	REPORT_THREADS,
	REPORT_CALLS,
	REPORT_TABLES
};

struct report_options {
	enum report_format format;
	bool wants[REPORT_TABLES]; /* of CSV one alone */
	const char *sort; /* a column's name; NULL: functions by total time, others as they come */
	size_t top;	  /* rows of each table; 0: all */
	size_t width;	  /* of text; 0: any */
	bool has_window;  /* the profiles were cut to it */
	int64_t from_ns, to_ns; /* since the profiles' starts */
	bool names_file;	/* there are several: a column of CSV says which */
};

#endif
