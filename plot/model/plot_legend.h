/*
 * The words of the legend (plot layer, private to plot_build).
 */
#ifndef PLOT_MODEL_PLOT_LEGEND_H
#define PLOT_MODEL_PLOT_LEGEND_H

#include "plot/model/plot_model.h"
#include "plot/totals/function_totals.h"
#include "tracer/base/error.h"

/* More entries than this are summed up in a last line of their kind. */
enum { PLOT_LEGEND_ROWS = 60 };

/* asprintf whose result is NULL on failure. */
char *legend_format(const char *format, ...) PRINTF_LIKE(1, 2);

/* Takes the names of @entry, also when it fails; NULL is lack of memory. */
struct error *legend_add(struct plot_model *model,
			 const struct plot_legend_entry *entry) MUST_CHECK;

/* "make, pid 100", "child 101 (cc1)"; "memory" when the file says nothing. Owned. */
char *legend_process_name(const struct profile *profile, size_t process);
/* The last part of its path; all of it where another one ends alike. Owned. */
char *legend_file_name(const struct profile *profiles, size_t count, size_t index);

/* "  peak 40.0 MiB", and the slope of the curve where it has one. Owned. */
char *legend_peak_detail(const struct plot_model *model, const struct profile *profile,
			 const struct plot_curve *curve);

/* A curve with its peak; with a note where the main one counts shared pages more than once. */
struct error *legend_add_curve(struct plot_model *model, const struct profile *profile,
			       const struct plot_curve *curve) MUST_CHECK;
/* The layers of the stack, from the top down, with what they had at the curve's peak. */
struct error *legend_add_stack(struct plot_model *model, const struct profile *profile) MUST_CHECK;
/* A limit, before its figure is in the axis's unit. */
struct error *legend_add_limit(struct plot_model *model, enum companion kind,
			       const struct plot_limit *limit) MUST_CHECK;
/* The curve of one of several profiles. @names_metric: the axis cannot, for their metrics differ. */
struct error *legend_add_file(struct plot_model *model, const struct profile *profile,
			      const struct plot_curve *curve, bool names_metric) MUST_CHECK;
/* "load  2 calls  +160.1 MiB  3.93 s": the calls that are in view. */
struct error *legend_add_function(struct plot_model *model, const struct profile_function *function,
				  const struct function_totals *totals, size_t drawn_count,
				  int color, int form) MUST_CHECK;
/* At the end: what of functions' names tells those in the legend apart. */
struct error *legend_find_briefs(struct plot_model *model) MUST_CHECK;

/* That the memory of so many calls is held, with the bracket that shows it. */
struct error *legend_add_held(struct plot_model *model, uint64_t count) MUST_CHECK;

/* That functions, or static probes, were not recorded to the end. */
struct error *legend_add_left(struct plot_model *model, const struct profile *profile) MUST_CHECK;

/* That the file has no end: the recording goes on, or has broken off. */
struct error *legend_add_endless(struct plot_model *model,
				 const struct profile *profile) MUST_CHECK;

struct error *legend_add_marker(struct plot_model *model, const struct marker *marker,
				int color) MUST_CHECK;
struct error *legend_add_more(struct plot_model *model, size_t count, const char *what) MUST_CHECK;

#endif
