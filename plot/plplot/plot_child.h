/*
 * A process of its own for PLplot to draw in (plot layer).
 *
 * PLplot answers a bad device or file with a menu on stdout, a question on stdin and exit(). So it
 * draws in a forked child without stdin, whose stdout and stderr are kept for our error.
 */
#ifndef PLOT_PLPLOT_PLOT_CHILD_H
#define PLOT_PLPLOT_PLOT_CHILD_H

#include <sys/types.h>

#include "tracer/base/error.h"

struct plot_child {
	pid_t pid;
	int said_fd; /* poll() with no events says POLLHUP once the child has ended */
};

/* The exit status of a child that finds that its PLplot has no such device. */
enum { PLOT_CHILD_NO_DEVICE = 3 };

/*
 * Runs @draw in a child, which ends when it returns, and when its parent does. @draw sees what the
 * caller's memory is now, and must not return into what it called.
 */
struct error *plot_child_start(struct plot_child *child, void (*draw)(void *data),
			       void *data) MUST_CHECK;

/* Waits for its end. Fails, with what it said, unless it has drawn; @device names it then. */
struct error *plot_child_end(struct plot_child *child, const char *device) MUST_CHECK;

#endif
