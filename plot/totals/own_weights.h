/*
 * What calls have of their own, without the recorded calls directly within them: nanoseconds, or bytes that they
 * gained (plot layer). Pure.
 */
#ifndef PLOT_TOTALS_OWN_WEIGHTS_H
#define PLOT_TOTALS_OWN_WEIGHTS_H

#include "plot/totals/call_nesting.h"

/*
 * One for each call of @nesting, which is that of @profile. A call that was active at a fork is its parent's, and has
 * nothing. *@ret is owned.
 */
struct error *own_weights_create(const struct profile *profile, const struct call_nesting *nesting,
				 bool is_memory, int64_t **ret) MUST_CHECK;

/* Bytes of @mib, within 2^62. */
int64_t weight_gained_bytes(double mib);

/* The sum; the nearest number where that is none. */
int64_t weight_add(int64_t a, int64_t b);

#endif
