/*
 * An axis: its range, its unit, and ticks at round figures (plot layer). Pure.
 */
#ifndef PLOT_MODEL_AXIS_H
#define PLOT_MODEL_AXIS_H

#include <stdbool.h>
#include <stddef.h>

struct axis {
	double min, max;  /* in the axis's unit; max > min */
	double per_unit;  /* nanoseconds or MiB in one unit */
	const char *unit; /* static: "ms", "MiB", … */
	double step;	  /* between ticks, in the unit */
	int decimals;	  /* that a tick's label needs */
	double first_tick;
	size_t tick_count;
};

/*
 * Time from @start_ns to @end_ns, both relative to the profile's start. Widens an empty range.
 * @round_up: the end may move a little, to a tick.
 */
void axis_init_time(struct axis *axis, double start_ns, double end_ns, size_t wanted_ticks,
		    bool round_up);

/* Memory from 0 to a little more than @max_mib. */
void axis_init_memory(struct axis *axis, double max_mib, size_t wanted_ticks);

/* Memory from @low_mib to exactly @high_mib, which is greater. */
void axis_init_memory_range(struct axis *axis, double low_mib, double high_mib,
			    size_t wanted_ticks);

/* Whether @value, in the unit, lies within the range, its ends included. */
bool axis_has(const struct axis *axis, double value);

double axis_tick(const struct axis *axis, size_t i); /* in the unit */

/* Whether the @i-th tick has a label on an axis where a label needs @share of the whole length. */
bool axis_tick_has_label(const struct axis *axis, size_t i, double share);

enum { AXIS_LABEL_BYTES = 48 };
void axis_tick_label(const struct axis *axis, size_t i, char label[static AXIS_LABEL_BYTES]);

#endif
