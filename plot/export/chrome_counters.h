/*
 * The events of counters besides memory (plot layer, private to export_chrome).
 */
#ifndef PLOT_EXPORT_CHROME_COUNTERS_H
#define PLOT_EXPORT_CHROME_COUNTERS_H

#include "plot/export/export_format.h"

/* A format's made_of and beside. */
void chrome_made_of(struct export_job *job, size_t part, int64_t time_ns, double mib);
void chrome_beside(struct export_job *job, size_t companion, int64_t time_ns, double value);

#endif
