/*
 * The figures of one profile: small, so that the profile itself can be released before the next one is
 * read (plot layer). Pure.
 */
#ifndef PLOT_COMPARE_FIGURES_H
#define PLOT_COMPARE_FIGURES_H

#include "plot/compare/figure.h"
#include "plot/profile/metric_label.h"
#include "plot/profile/profile.h"

struct subject {
	enum subject_kind kind;
	char *name; /* owned; of the run "" */
	/* Not recorded to the end, because it cost too much: the figures are of a part. */
	bool is_partial;
	double of[FIGURE_COUNT]; /* NAN: not known, or of another kind */
};

struct figures {
	char *path;		  /* owned */
	struct subject *subjects; /* by kind, then by name in order of bytes; no two are the same */
	size_t count, capacity;
	char metric[METRIC_LABEL_BYTES]; /* of one process; "": the file does not say */
};

/*
 * Borrows nothing of @profile. @tree_peak_mib: of all samples, as tree_peak.h finds it; NAN: that of those
 * which have been kept will do.
 */
struct error *figures_init(struct figures *figures, const struct profile *profile,
			   double tree_peak_mib) MUST_CHECK;
void figures_deinit(struct figures *figures);

/* NULL: there is none of that name. */
const struct subject *figures_find(const struct figures *figures, enum subject_kind kind,
				   const char *name);

/* The order of subjects. */
int subject_compare(enum subject_kind kind, const char *name, enum subject_kind other_kind,
		    const char *other_name);

#endif
