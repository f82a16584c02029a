/*
 * The highest sample between any two times, for many questions about one series (plot layer). Pure.
 */
#ifndef PLOT_TOTALS_SERIES_PEAKS_H
#define PLOT_TOTALS_SERIES_PEAKS_H

#include "plot/profile/series.h"

/* A tree of maxima: each question takes as many steps as the number of samples has binary digits. */
struct series_peaks {
	const struct series *series; /* borrowed */
	double *nodes; /* of node i the maximum of nodes 2i and 2i+1; samples are the leaves */
	size_t capacity;
};

/* A zeroed struct, or one that was used for another series before. */
struct error *series_peaks_build(struct series_peaks *peaks,
				 const struct series *series) MUST_CHECK;
void series_peaks_deinit(struct series_peaks *peaks);

/* The highest sample from @from_ns to @to_ns, both included; -1: there is none. */
double series_peaks_between(const struct series_peaks *peaks, int64_t from_ns, int64_t to_ns);

/* The last sample not later than @time_ns; -1: there is none. */
double series_held_mib(const struct series *series, int64_t time_ns);

#endif
