/*
 * The profile that plot --follow draws while it grows (cli layer).
 */
#ifndef CLI_PLOT_PLOT_FOLLOW_H
#define CLI_PLOT_PLOT_FOLLOW_H

#include "plot/follow/profile_follow.h"
#include "tracer/cli/plot/plot_settings.h"

struct plot_follow {
	const struct plot_settings *settings; /* borrowed */
	struct profile_follow *file;
	struct profile profile; /* what is drawn: selected and summed as the settings say */
};

/* Reads the settings' file. Waits for its first sample. */
struct error *plot_follow_open(struct plot_follow *ret,
			       const struct plot_settings *settings) MUST_CHECK;
void plot_follow_close(struct plot_follow *follow);

/* Takes into the profile what has come; *@ret_changed: there was something. */
struct error *plot_follow_look(struct plot_follow *follow, bool *ret_changed) MUST_CHECK;

#endif
