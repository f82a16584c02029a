/*
 * Puts a plot where it is wanted: a window, a file, the terminal (cli layer).
 */
#ifndef CLI_PLOT_PLOT_SHOW_H
#define CLI_PLOT_PLOT_SHOW_H

#include "plot/window/window_source.h"
#include "tracer/cli/plot/plot_settings.h"

/* What is shown. All of it is borrowed. */
struct plot_show {
	const struct plot_settings *settings;
	const struct plot_options *options; /* the settings', by the times of the profiles */
	const struct profile *profiles;
	size_t count;
	const char *
		name; /* of the file, or of the directory: a picture that is not named is named after it */
	bool has_more; /* other files, too */
	/* For a window, as in struct plot_window_source; their data is this struct. */
	struct error *(*read)(void *data, int64_t from_ns, int64_t to_ns,
			      profile_progress *progress, void *progress_data,
			      struct profile **ret);
	struct error *(*follow)(void *data, bool *ret_changed);
	void *data; /* for them */
};

/* Whether our own window was asked for: the usual one, and the only one of an external context. */
bool plot_show_wants_window(const struct plot_settings *settings);

struct error *plot_show_in_window(const struct plot_show *show, bool *ret_shown) MUST_CHECK;

/* Says why it was not shown, where people would wonder. */
void plot_show_say_no_window(const struct plot_settings *settings);

/* Anywhere else. */
struct error *plot_show_draw(const struct plot_show *show) MUST_CHECK;

#endif
