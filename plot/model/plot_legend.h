/*
 * The words of the legend (plot layer, private to plot_build).
 */
#ifndef PLOT_MODEL_PLOT_LEGEND_H
#define PLOT_MODEL_PLOT_LEGEND_H

#include "plot/model/plot_model.h"
#include "plot/profile/call_summary.h"

/* More entries than this are summed up in a last line of their kind. */
enum { PLOT_LEGEND_ROWS = 60 };

struct error *legend_add_main(struct plot_model *model, const struct profile *profile) MUST_CHECK;
/* The @index-th of several profiles. */
struct legend_file {
	int color;
	bool counts_children; /* how many there are is said: they have no entries of their own */
	bool names_metric;    /* the axis cannot: the files' metrics differ */
};
struct error *legend_add_file(struct plot_model *model, const struct profile *profile, size_t index,
			      const struct legend_file *file) MUST_CHECK;
/* A child of the @index-th profile. */
struct error *legend_add_child(struct plot_model *model, const struct profile *profile,
			       size_t index, size_t process) MUST_CHECK;
struct error *legend_add_function(struct plot_model *model, const struct profile_function *function,
				  const struct call_summary *summary, size_t drawn_count,
				  int color) MUST_CHECK;
/* That the memory of so many calls is held, with the bracket that shows it. */
struct error *legend_add_held(struct plot_model *model, uint64_t count) MUST_CHECK;

/* That functions, or static probes, were not recorded to the end. */
struct error *legend_add_left(struct plot_model *model, const struct profile *profile) MUST_CHECK;

struct error *legend_add_marker(struct plot_model *model, const struct marker *marker,
				int color) MUST_CHECK;
struct error *legend_add_more(struct plot_model *model, size_t count, const char *what) MUST_CHECK;
struct error *legend_add_peak(struct plot_model *model, double peak_mib, bool is_exact,
			      int64_t at_ns) MUST_CHECK;

/* The child with the highest peak, as its curve has it; @zero_ns is the profile's start. */
struct error *legend_add_child_peak(struct plot_model *model, const struct profile_process *child,
				    double peak_mib, int64_t zero_ns) MUST_CHECK;

#endif
