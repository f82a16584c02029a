/*
 * The calls of a thread as they begin and end, one within the other (plot layer, private to the room).
 *
 * Formats that know a stack cannot hold a call that begins within another one and ends after it, as calls of
 * coroutines do. Such a call is told of apart.
 */
#ifndef PLOT_EXPORT_OPEN_CALLS_H
#define PLOT_EXPORT_OPEN_CALLS_H

#include "plot/export/export_format.h"

/*
 * @index: in the nesting. NULL: of no interest. What is begun last is ended first; times never go back.
 */
struct call_walker {
	void (*begin)(struct export_job *job, size_t index);
	void (*end)(struct export_job *job, size_t index);
	/* It ends after the innermost call around it. */
	void (*cross)(struct export_job *job, size_t index);
};

/* All calls of the thread that the job keeps. Fails also when the job's output cannot be written. */
struct error *open_calls_walk(struct export_job *job, const struct call_thread *thread,
			      const struct call_walker *walker) MUST_CHECK;

#endif
