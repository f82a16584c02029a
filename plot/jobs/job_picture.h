/*
 * What of a job is drawn: curves as far as they can be told apart, else how they spread (plot layer).
 *
 * Makes profiles of the job's lines, which plot_build draws as it draws others; nothing here is drawn.
 */
#ifndef PLOT_JOBS_JOB_PICTURE_H
#define PLOT_JOBS_JOB_PICTURE_H

#include "plot/model/plot_model.h"
#include "plot/ranks/rank_lines.h"

struct job_picture_wish {
	enum rank_lines_of of;
	size_t kept;	     /* lines that are drawn each for itself, at most; more are a band */
	bool is_kept_wished; /* then, beside a band, so many of the highest; else the highest alone */
	const char *place;   /* the directory, for the title */
	const char *
		origin; /* "the first call of MPI_Init", which is 0 of the job's times; NULL: its start is */
};

struct job_picture {
	struct profile *profiles; /* what is drawn */
	size_t count;
	struct plot_options options; /* with what is here */
	struct plot_subject *subjects;
	char **texts; /* of subjects and title */
	size_t text_count, text_capacity;
	struct plot_spread spread;
	struct rank_lines lines;
	struct rank_band band;
};

/* @options: those of any plot; borrowed, as is @job, for as long as the picture. */
struct error *job_picture_init(struct job_picture *picture, const struct rank_job *job,
			       const struct job_picture_wish *wish,
			       const struct plot_options *options) MUST_CHECK;
void job_picture_deinit(struct job_picture *picture);

#endif
