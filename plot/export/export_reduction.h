/*
 * What a result lacks, so that it is no larger than wanted (plot layer).
 */
#ifndef PLOT_EXPORT_EXPORT_REDUCTION_H
#define PLOT_EXPORT_EXPORT_REDUCTION_H

#include <stdbool.h>
#include <stdint.h>

struct export_reduction {
	bool is_reduced;
	uint64_t whole_bytes;	/* about how large the result would have been; 0: not known */
	int64_t column_ns;	/* the width of the columns; 0: all samples are there */
	uint64_t dropped_calls; /* single calls that are not there */
	int64_t dropped_ns;	/* all of them were shorter */
	uint64_t dropped_marks;
	uint32_t
		deepest; /* calls within so many others are added to those around them; 0: none are */
};

#endif
