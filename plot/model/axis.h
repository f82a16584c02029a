/*
 * An axis: its range, its unit, and ticks at round figures (plot layer). Pure.
 */
#ifndef PLOT_MODEL_AXIS_H
#define PLOT_MODEL_AXIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct axis {
	double min, max;  /* in the axis's unit; max > min */
	double per_unit;  /* nanoseconds or MiB in one unit */
	const char *unit; /* static: "ms", "MiB", … */
	double step;	  /* between ticks, in the unit */
	int decimals;	  /* that a tick's label needs */
	double first_tick;
	size_t tick_count;
	double origin;	/* in the unit: what is labelled 0 */
	bool is_clock;	/* labels are times of day */
	int64_t day_ns; /* of a clock: when the day began that 0 falls on, in local time */
	double zero_s;	/* of a clock: from then on to 0 */
	char zone[16];	/* of a clock: "CET" */
};

/*
 * Time from @start_ns to @end_ns, both relative to the profile's start. Widens an empty range.
 * @round_up: the end may move a little, to a tick.
 */
void axis_init_time(struct axis *axis, double start_ns, double end_ns, size_t wanted_ticks,
		    bool round_up);

/*
 * The same on a clock; 0 is at @epoch_ns. All of it has the offset from UTC that its start has, also where
 * clocks are changed meanwhile.
 */
void axis_init_clock(struct axis *axis, double start_ns, double end_ns, int64_t epoch_ns,
		     size_t wanted_ticks);

/* What is at @origin_ns is labelled 0: ticks are placed anew. Of time. */
void axis_set_origin(struct axis *axis, double origin_ns, size_t wanted_ticks);

/* What the memory axis has above the highest figure, so that a bracket there has room. */
static const double AXIS_HEADROOM = 1.08;

/* Ends at @max, with ticks @step apart; both in the unit. */
void axis_set_steps(struct axis *axis, double max, double step);

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

/* A time of the axis for people: "9.40 s", "15:41:25", over more than a day "11-22 15:41". The more exact one: "9.40213 s", "15:41:25.402". */
void axis_format_time(const struct axis *axis, int64_t since_zero_ns,
		      char text[static AXIS_LABEL_BYTES]);
void axis_format_moment(const struct axis *axis, int64_t since_zero_ns,
			char text[static AXIS_LABEL_BYTES]);

/* Of a clock: the first day that it shows, and the last one where that is another: "2026-11-22". */
void axis_format_days(const struct axis *axis, char text[static AXIS_LABEL_BYTES]);

#endif
