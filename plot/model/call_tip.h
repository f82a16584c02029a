/*
 * Words about a call, for a tooltip (plot layer). Pure.
 */
#ifndef PLOT_MODEL_CALL_TIP_H
#define PLOT_MODEL_CALL_TIP_H

#include "plot/model/axis.h"
#include "plot/profile/profile.h"

/* How long it took, its memory, its thread, how it ended. Owned, NULL without memory. */
char *call_tip(const struct profile *profile, const struct axis *time,
	       const struct profile_function *function, const struct profile_call *call);

#endif
