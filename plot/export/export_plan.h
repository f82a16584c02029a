/*
 * How large a result will be, and what it leaves out to be no larger than wanted (plot layer, private to the
 * room).
 */
#ifndef PLOT_EXPORT_EXPORT_PLAN_H
#define PLOT_EXPORT_EXPORT_PLAN_H

#include "plot/export/export_format.h"

/*
 * Fills the job's column_ns, kept, kept_marks and reduction by its most_bytes. What one sample or call takes
 * is measured: the format writes one of each process and function, and the bytes are counted.
 */
struct error *export_plan_make(struct export_job *job,
			       const struct export_format *format) MUST_CHECK;

#endif
