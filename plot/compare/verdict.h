/*
 * What conditions come to for a group of runs, or for two that are compared (plot layer). Pure.
 *
 * All are judged, one verdict each: a build server shows everything that is wrong at once.
 */
#ifndef PLOT_COMPARE_VERDICT_H
#define PLOT_COMPARE_VERDICT_H

#include "plot/compare/condition.h"
#include "plot/compare/figure_group.h"

enum verdict_status {
	VERDICT_KEPT,
	VERDICT_BROKEN,	   /* the condition holds */
	VERDICT_FAR_BELOW, /* further below than the band is wide: the limit is to follow */
	VERDICT_UNKNOWN,   /* never a pass */
};

struct verdict {
	const struct condition *condition; /* borrowed */
	enum verdict_status status;
	/* Of the function or program that comes off worst; not set if the status is unknown. */
	const char *name;     /* borrowed of a group; NULL: of the run */
	double before, after; /* NAN: not known, or nothing was before */
	double measured;      /* what the condition's amount is compared with */
	size_t others;	      /* that break the condition, too */
	char *reason;	      /* owned: why it is unknown; else NULL */
};

struct verdicts {
	struct verdict *list; /* in the order of the conditions */
	size_t count;
};

/*
 * @before: NULL for conditions on values alone. A name that a function has exactly stands for that one
 * alone; it must be found in every run of both groups, else the verdict is unknown.
 */
struct error *verdicts_init(struct verdicts *verdicts, const struct conditions *conditions,
			    const struct figure_group *before,
			    const struct figure_group *after) MUST_CHECK;
void verdicts_deinit(struct verdicts *verdicts);

size_t verdicts_count(const struct verdicts *verdicts, enum verdict_status status);

/*
 * 1 where a limit is broken or too high, even if others could not be judged; else 125 where one could
 * not; else 0.
 */
int verdicts_exit_status(const struct verdicts *verdicts);

/* How far a value of that quantity may be below a limit without being far below, whatever the band. */
double verdict_slack(enum quantity quantity);

#endif
