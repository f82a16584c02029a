/*
 * Fewer samples: of each column of time the lowest and the highest of a process (plot layer). Pure.
 *
 * The first and the last sample of a process stay too. What comes in is passed on when its column has ended.
 */
#ifndef PLOT_EXPORT_SAMPLE_COLUMNS_H
#define PLOT_EXPORT_SAMPLE_COLUMNS_H

#include "plot/profile/sample_visitor.h"

#include <stddef.h>

struct column_state;

struct sample_columns {
	int64_t zero_ns, width_ns;	/* columns begin at zero_ns + N * width_ns; width_ns > 0 */
	struct sample_visitor follower; /* gets what stays */
	struct column_state *processes;
	size_t process_count;
};

/* @process_count: one more than the highest process that comes. */
struct error *sample_columns_init(struct sample_columns *columns, int64_t zero_ns, int64_t width_ns,
				  size_t process_count,
				  const struct sample_visitor *follower) MUST_CHECK;
void sample_columns_deinit(struct sample_columns *columns);

/* A sample_visitor's visit; @data is the struct sample_columns. */
struct error *sample_columns_visit(void *data, int32_t process, int64_t time_ns,
				   double mib) MUST_CHECK;

/* Behind the last sample: passes on the last columns. */
struct error *sample_columns_finish(struct sample_columns *columns) MUST_CHECK;

/* The most samples that stay of @count ones between two times, both included. */
size_t sample_columns_most(size_t count, int64_t first_ns, int64_t last_ns, int64_t width_ns);

#endif
