/*
 * What a report of jobs is to show, and how (plot layer).
 */
#ifndef PLOT_JOBS_JOB_REPORT_OPTIONS_H
#define PLOT_JOBS_JOB_REPORT_OPTIONS_H

#include "plot/report/report_options.h"

/* In the order in which they are written. */
enum job_table { JOB_HOSTS, JOB_RANKS, JOB_FUNCTIONS, JOB_TABLES };

struct job_report_options {
	enum report_format format;
	bool wants[JOB_TABLES]; /* of CSV one alone */
	bool shows_all;		/* people see all rows, not those that stand out */
	const char *sort;	/* a column's name; NULL: as they come */
	size_t top;	   /* rows of each table; 0: as many as there are, or as are worth it */
	size_t width;	   /* of text; 0: any */
	const char *place; /* the directory */
	const char *
		origin; /* "the first call of MPI_Init", which is 0 of the jobs' times; NULL: their start is */
};

#endif
