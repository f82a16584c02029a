/*
 * What a window shows (plot layer).
 */
#ifndef PLOT_WINDOW_WINDOW_SOURCE_H
#define PLOT_WINDOW_WINDOW_SOURCE_H

#include "plot/layout/plot_page.h"
#include "plot/model/plot_model.h"
#include "plot/records/profile_reader.h"

/* All of it is borrowed. */
struct plot_window_source {
	const struct profile *profiles; /* over all of their time, perhaps reduced */
	size_t count;
	const struct plot_options *options; /* their window is what is looked at first */
	const struct plot_page *page;	    /* 0 x 0: a size that suits what is on it */
	const char *title;		    /* of the window */
	const char *save_as;		    /* a path to propose */
	/*
	 * Reads the profiles again with all detail between two times since their starts; @progress
	 * as in struct profile_reading. *@ret is an array of @count, each to be deinited and all of
	 * it to be freed.
	 */
	struct error *(*read)(void *data, int64_t from_ns, int64_t to_ns,
			      profile_progress *progress, void *progress_data,
			      struct profile **ret);
	/*
	 * Looks whether there is more; *@ret_changed: @profiles hold it now. NULL: they stay as they are.
	 * Called between drawings only.
	 */
	struct error *(*follow)(void *data, bool *ret_changed);
	void *data;
};

#endif
