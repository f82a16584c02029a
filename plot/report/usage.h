/*
 * How much memory a program needed, over several runs of it: what memit prints (plot layer).
 *
 * Only figures are kept of a run, so that its profile can be released before the next one is read.
 */
#ifndef PLOT_REPORT_USAGE_H
#define PLOT_REPORT_USAGE_H

#include <stdio.h>

#include "plot/profile/metric_label.h"
#include "plot/profile/profile.h"
#include "plot/text/json_write.h"
#include "plot/totals/mark_list.h"

/* Of one function, or of several runs of it. All NAN where nothing is known. */
struct usage_function {
	char *name; /* owned */
	uint64_t calls, condensed_calls, held_calls;
	double highest_mib, mean_mib, bound_mib; /* as in struct call_increase */
};

struct usage_missed {
	char *pattern, *reason; /* owned */
};

struct usage_run {
	int status; /* the program's, as run passes it on; -1: the recording did not see its end */
	double peak_mib;     /* of the main process, or of all together */
	bool is_peak_exact;  /* the kernel's high-water mark */
	double baseline_mib; /* when the program had been loaded; NAN: that was not seen */
	/* Of all processes the highest mark of the kernel's; NAN: there is none. */
	double highest_one_mib;
	int32_t highest_one_pid;
	char *highest_one; /* its program; owned; NULL: not known */
	size_t processes;  /* of which something was recorded */
	struct usage_function *functions;
	size_t function_count;
	struct usage_missed *missed;
	size_t missed_count;
};

/* All runs of one command. */
struct usage {
	char *title;  /* the command line; owned; NULL before the first run */
	bool is_tree; /* peaks are those of all processes together */
	char metric[METRIC_LABEL_BYTES];
	double interval_s;
	size_t wanted; /* runs that were asked for */
	struct usage_run *runs;
	size_t count, capacity;
};

/* Borrows nothing of @profile, whose program ended with @status. @marks: as call_increases_create wants them. */
struct error *usage_add(struct usage *usage, const struct profile *profile,
			const struct mark_list *marks, int status) MUST_CHECK;
void usage_deinit(struct usage *usage);

static inline double usage_run_increment(const struct usage_run *run)
{
	return run->peak_mib - run->baseline_mib;
}

/* What is said of several runs. The highest is the run with the highest peak. */
struct usage_summary {
	const struct usage_run *highest;
	double peak_median_mib, peak_spread_mib;
	double increment_median_mib, increment_spread_mib; /* NAN: not known of any run */
	size_t failed;			  /* runs that ended with another status than 0 */
	struct usage_function *functions; /* by name; of all runs: the highest, the mean of means */
	size_t function_count;
};

/* Of one run at least. @ret borrows names of @usage. */
struct error *usage_summarize(const struct usage *usage, struct usage_summary *ret) MUST_CHECK;
void usage_summary_deinit(struct usage_summary *summary);

/* For people: %memit's line, and what it does not say. */
struct error *usage_print(const struct usage *usage, FILE *out) MUST_CHECK;

/* Two side by side, in a table of at most @width columns (0: any). */
struct error *usage_print_both(const struct usage *one, const struct usage *other, FILE *out,
			       size_t width) MUST_CHECK;

/* @other: NULL, or what @one is compared with. */
struct error *usage_write_json(const struct usage *one, const struct usage *other,
			       FILE *out) MUST_CHECK;

#endif
