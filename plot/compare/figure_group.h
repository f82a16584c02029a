/*
 * The figures of several runs of one thing: of each the median, and how far runs lie from it (plot layer).
 * Pure.
 */
#ifndef PLOT_COMPARE_FIGURE_GROUP_H
#define PLOT_COMPARE_FIGURE_GROUP_H

#include "plot/compare/figures.h"

struct group_subject {
	enum subject_kind kind;
	const char *name; /* borrowed of a run */
	size_t runs;	  /* that have it */
	bool is_partial;  /* in one of them */
	/*
	 * Of all runs; one that does not have the subject counts as 0 calls, or processes, and does not count
	 * in a peak. NAN: not known. @spread is how far the run lies that lies furthest from the median.
	 */
	double median[FIGURE_COUNT], spread[FIGURE_COUNT];
};

struct figure_group {
	struct figures *runs;
	size_t run_count, run_capacity;
	struct group_subject *subjects; /* in the order of figures; there once it is finished */
	size_t count;
};

/* Takes @figures, also when it fails. */
struct error *figure_group_add(struct figure_group *group, struct figures *figures) MUST_CHECK;

/* After the last run. Fails with ERR_FORMAT where two are known to measure different things. */
struct error *figure_group_finish(struct figure_group *group) MUST_CHECK;
void figure_group_deinit(struct figure_group *group);

/* Of a group that is finished; NULL: there is none of that name. */
const struct group_subject *figure_group_find(const struct figure_group *group,
					      enum subject_kind kind, const char *name);

/* Fails with ERR_FORMAT where the groups are known to measure different things. */
struct error *figure_groups_check(const struct figure_group *before,
				  const struct figure_group *after) MUST_CHECK;

/* What was before, and what is now, of one function, program, or of the run. */
struct figure_pair {
	enum subject_kind kind;
	const char *name;
	const struct group_subject *before, *after; /* NULL: it is not there; not both */
};

/*
 * Of two groups that are finished; @before may be NULL. By kind, then by name. *@ret is owned by the caller:
 * free(3).
 */
struct error *figure_pairs_create(const struct figure_group *before,
				  const struct figure_group *after, struct figure_pair **ret,
				  size_t *ret_count) MUST_CHECK;

/* NULL: there is none of that name. @pairs are as figure_pairs_create has made them. */
const struct figure_pair *figure_pairs_find(const struct figure_pair *pairs, size_t count,
					    enum subject_kind kind, const char *name);

/* The median. Of one that is not there (NULL): 0, of a peak NAN. */
double group_subject_value(const struct group_subject *subject, enum figure figure);

#endif
