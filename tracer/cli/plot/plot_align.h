/*
 * From where the times of several profiles are counted (cli layer).
 */
#ifndef CLI_PLOT_PLOT_ALIGN_H
#define CLI_PLOT_PLOT_ALIGN_H

#include "plot/model/plot_model.h"
#include "plot/profile/profile.h"
#include "tracer/cli/plot/plot_settings.h"

/* Whether that is another moment than each profile's own start: all profiles are needed to find it. */
bool plot_align_is_needed(const struct plot_settings *settings);

/*
 * Sets zero_ns of all profiles: so that --align's first calls are at one time, or, on a clock, to the
 * earliest start. Sets in @options what is called 0, and moves its window, which the user has given in
 * the axis's times. Fails where a profile has no such call.
 */
struct error *plot_align(const struct plot_settings *settings, struct profile *profiles,
			 struct plot_options *options) MUST_CHECK;

#endif
