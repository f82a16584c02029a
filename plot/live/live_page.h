/*
 * One picture of a live view, in characters: the curves, and tables of processes, open calls and
 * functions (plot layer). Pure.
 */
#ifndef PLOT_LIVE_LIVE_PAGE_H
#define PLOT_LIVE_LIVE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "plot/live/live_rows.h"

/* What the user has chosen by keys. */
struct live_choice {
	enum live_process_order process_order;
	enum live_function_order function_order;
	size_t window; /* of live_windows */
	bool is_paused, has_help, is_plot_hidden;
};

/* How much of the time is drawn, up to now; 0: all. The first one is. */
struct live_window {
	int64_t length_ns;
	const char *words;
};
enum { LIVE_WINDOWS = 5 };
extern const struct live_window live_windows[LIVE_WINDOWS];

struct live_page {
	size_t columns, rows; /* of the terminal, any */
	bool has_color, is_dark;
	const char *quit_words; /* what q does */
	const char *message;	/* in place of the keys' line; NULL: none */
};

/*
 * *@ret: lines that end with '\n', as many as the page has rows; owned. @profile: NULL where there is no
 * sample yet.
 */
struct error *live_page_make(const struct live_page *page, const struct profile *profile,
			     const struct live_choice *choice, char **ret) MUST_CHECK;

#endif
