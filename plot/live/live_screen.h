/*
 * The whole of the terminal, for a while (plot layer): its modes and its screen are as they were
 * afterwards. Knows no plot.
 */
#ifndef PLOT_LIVE_LIVE_SCREEN_H
#define PLOT_LIVE_LIVE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#include "tracer/base/error.h"

struct live_screen {
	int fd; /* of the controlling terminal */
	struct termios before;
	bool is_shown;
	size_t columns, rows; /* live_screen_measure's */
	/* What it shows, line by line, so that only what has changed is written. Owned */
	char **lines;
	size_t line_count;
};

/* ERR_USAGE where there is no terminal that can do it. Changes nothing yet. */
struct error *live_screen_open(struct live_screen *ret) MUST_CHECK;
void live_screen_close(struct live_screen *screen);

/* Whether our job is the one that the user looks at and types to: else the terminal is another's. */
bool live_screen_is_ours(const struct live_screen *screen);

/* Takes the screen, and keys as they are typed; Ctrl-C and Ctrl-Z stay what they are. */
void live_screen_show(struct live_screen *screen);

/* Gives both back. Nothing where it is not shown. */
void live_screen_hide(struct live_screen *screen);

void live_screen_measure(struct live_screen *screen);

/* What is on it is not known any more: all of it is written the next time. */
void live_screen_forget(struct live_screen *screen);

/*
 * Shows @page, lines that end with '\n', the first at the top; what has room for no line is left out.
 * ERR_GONE when the terminal has hung up.
 */
struct error *live_screen_put(struct live_screen *screen, const char *page) MUST_CHECK;

/* A key that has been typed: a character; 0: none, -1: the terminal has hung up. Never waits. */
int live_screen_key(struct live_screen *screen);

/*
 * The same for who has not opened it, when the process that has is dead: @before are the modes that it
 * found. Nothing where another job has the terminal.
 */
void live_screen_rescue(int fd, const struct termios *before);

#endif
