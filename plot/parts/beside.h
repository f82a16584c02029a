/*
 * What was recorded beside memory, over a stretch of time (plot layer): of all processes together. Pure.
 */
#ifndef PLOT_PARTS_BESIDE_H
#define PLOT_PARTS_BESIDE_H

#include "plot/profile/profile.h"
#include "tracer/base/memory/companion.h"

enum { BESIDE_CELLS = 480 };

/* One companion: of a sum how fast it grew, in its unit. */
struct beside {
	enum companion kind;
	double cells[BESIDE_CELLS]; /* the mean of each of so many equal parts of the time */
	double most, mean;	    /* of the cells; over those where any process was there */
	size_t processes;	    /* that have a part in it */
};

/* Those that were recorded and are no limits, in the order of their kinds: *@ret is owned. @to_ns > @from_ns. */
struct error *beside_create(const struct profile *profile, int64_t from_ns, int64_t to_ns,
			    struct beside **ret, size_t *ret_count) MUST_CHECK;

/* The total of a sum over that time, in what it adds up (s, faults); 0 of another. */
double beside_total(const struct profile *profile, enum companion kind, int64_t from_ns,
		    int64_t to_ns);

/* "CPU", "page faults of all 4 processes"; "  12.5 %, most 99.8 %". */
enum { BESIDE_TEXT_BYTES = 96 };
void beside_format_name(const struct beside *beside, char ret[static BESIDE_TEXT_BYTES]);
void beside_format_figures(const struct beside *beside, char ret[static BESIDE_TEXT_BYTES]);
void beside_format_value(enum companion kind, double value, char ret[static BESIDE_TEXT_BYTES]);

/* A limit of the main process, in MiB, as it was last; negative: none is known, or it was taken away. */
double beside_limit_mib(const struct profile *profile, enum companion kind);

#endif
