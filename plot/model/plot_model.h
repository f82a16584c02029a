/*
 * What is drawn: curves, brackets, lines and words (plot layer). plot_build makes it of profiles.
 *
 * Pure: no file, no device. Coordinates are in the axes' units; plot_layout places them on a
 * page, a renderer draws them. All strings are clean UTF-8, complete; the layout shortens them.
 */
#ifndef PLOT_MODEL_PLOT_MODEL_H
#define PLOT_MODEL_PLOT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plot/model/axis.h"
#include "plot/parts/beside.h"
#include "plot/parts/part_stack.h"
#include "plot/profile/profile.h"
#include "plot/ranks/rank_band.h"
#include "plot/stacks/stack_tips.h"
#include "plot/text/text_brief.h"

/* What one of several profiles is called, and how it looks; of files both come of their order. */
struct plot_subject {
	const char *name;   /* of the curve */
	const char *entry;  /* of its line in the legend; NULL: it shares another one's */
	const char *detail; /* of that line, where it stands for several; NULL: the curve's peak */
	size_t look;	    /* those with the same one look alike */
};

/* How many more that have no curves spread. */
struct plot_spread {
	const struct rank_band *band;
	const char *whole, *half; /* what is between its edges, and between its quartiles */
};

struct plot_options {
	const struct plot_subject *subjects; /* as many as profiles; NULL: they are files */
	const struct plot_spread *spread;    /* NULL: there is none */
	const char *title;		     /* NULL: the command line of a single profile */
	bool no_brackets;
	bool flame; /* calls as bars in lanes instead of brackets */
	bool slope; /* a trend line for each curve */
	bool has_window;
	int64_t window_start_ns, window_end_ns; /* since the profile's first time; end > start */
	bool has_memory_range;			/* of the memory axis; else from 0 to above all */
	double low_mib, high_mib;		/* high > low */
	size_t columns;				/* of the page; 0: a good default */
	bool clock;	    /* times as a clock shows them, not since the start */
	int64_t origin_ns;  /* since profile.zero_ns: the moment that is called 0 */
	const char *origin; /* what happens then: "the first call of load"; NULL: the start */
};

struct plot_point {
	double x, y;
};

/* A dashed line by least squares through all points of a curve in the window. */
struct plot_trend {
	bool is_shown;
	struct plot_point from, to;
	double mib_per_s;
};

struct plot_curve {
	struct plot_point *points;
	size_t count;		 /* 1: a single sample, to be marked */
	int color, dash;	 /* of palette.h */
	size_t profile, process; /* whose it is, as indices */
	char *name;		 /* whose it is, for people; owned */
	struct plot_point peak;	 /* the first of the highest points */
	struct plot_trend trend;
	bool is_child;	/* drawn thinner */
	bool is_filled; /* down to zero */
};

/* How many curves spread at one time: lowest, quartiles, highest. */
struct plot_band_point {
	double x, low, lower, upper, high;
};

/* A call that has brackets, with words for a tooltip. */
struct plot_call {
	double x_in, x_out;
	char *tip;
};

struct plot_bracket {
	double x, y;
	int color;
	bool is_exit; /* opens to the left */
	bool is_held; /* the memory is not of that moment, but the last known (enum call_held) */
	int form;     /* palette_dash: what tells functions of one colour apart */
	size_t call;  /* index into the model's calls */
};

/* A static probe was passed: a short upright line on its curve. */
struct plot_tick {
	double x, y;
	int color;
};

/* One function called very often, over time. */
enum { PLOT_STRIP_CELLS = 240 };

struct plot_strip_cell {
	double calls_per_s; /* that began in it */
	double busy;	    /* share of the time within calls, 0 to 1 */
	double gained_mib;  /* by calls that ended in it; negative: given back */
};

struct plot_strip {
	char *name;   /* shortened when it is too long */
	char *detail; /* never shortened */
	int color;
	double most_calls_per_s, most_moved_mib; /* of a cell */
	double gained_mib, released_mib;	 /* sums over cells */
	struct plot_strip_cell cells[PLOT_STRIP_CELLS];
};

/* A call in a lane, or calls too short to be told apart. */
struct plot_bar {
	double x1, x2;
	size_t row; /* from the top of all lanes */
	int color;
	double strength; /* share of the time that is within calls, 0 to 1 */
	char *name;	 /* empty: several calls */
	char *tip;
};

/* The calls of a thread. */
struct plot_lane {
	char *label;
	int color; /* of its process's curve */
	size_t first_row, row_count;
};

/* A dashed cross at the peak. */
struct plot_peak {
	bool is_shown, has_time;
	double x, y;
};

/* A level line: no more memory than that may be used. */
struct plot_limit {
	double y;
	int dash; /* palette_dash */
};

enum plot_key {
	PLOT_KEY_MAIN,
	PLOT_KEY_CHILD,
	PLOT_KEY_BRACKET,
	PLOT_KEY_HELD, /* a bracket whose memory is held */
	PLOT_KEY_BAR,
	PLOT_KEY_TICK,
	PLOT_KEY_AREA, /* a layer of the stack */
	PLOT_KEY_BAND, /* between the edges of the band, or with a dash between its quartiles */
	PLOT_KEY_LIMIT,
	PLOT_KEY_PEAK,
	PLOT_KEY_OTHER_PEAK,
	PLOT_KEY_NONE
};

struct plot_legend_entry {
	enum plot_key key;
	int color, dash;	 /* the dash is a bracket's form, an area's layer */
	char *name;		 /* shortened when it is too long */
	struct text_brief brief; /* of a function's name; without a text: there is none */
	char *detail;		 /* never shortened; may be empty */
	char *brief_detail;	 /* what of it stays where it finds no room; NULL: all or nothing */
};

struct plot_model {
	char *title; /* may be empty */
	struct axis x, y;
	char *x_label, *y_label;
	char *x_label_short, *y_label_short; /* for where that has no room */

	bool is_cut; /* curves may leave the memory axis's range */

	struct plot_curve *curves; /* in order of drawing */
	size_t curve_count, curve_capacity;
	struct part_stack stack;       /* below the curve; in ns since the epoch and MiB */
	int64_t stack_zero_ns;	       /* the time that is 0 on the axis */
	struct stack_tips peak_stacks; /* of a single profile */
	struct beside *beside;	       /* thin panes below the curve, over the same time */
	size_t beside_count;
	struct plot_limit limits[COMPANIONS];
	size_t limit_count;
	struct plot_band_point *band; /* below the curves, by time */
	size_t band_count;
	struct plot_bracket *brackets;
	size_t bracket_count, bracket_capacity;
	struct plot_call *calls; /* of brackets */
	size_t call_count, call_capacity;
	struct plot_tick *ticks;
	size_t tick_count, tick_capacity;
	struct plot_strip *strips; /* from the top down */
	size_t strip_count, strip_capacity;
	struct plot_lane *lanes; /* from the top down */
	size_t lane_count, lane_capacity, lane_row_count;
	size_t lanes_left_out; /* threads that there was no room for */
	struct plot_bar *bars; /* lane after lane */
	size_t bar_count, bar_capacity;
	struct plot_peak peak; /* of the highest curve */
	struct plot_peak
		other_peak; /* of the main one, or of the highest child's; a smaller cross */

	struct plot_legend_entry *legend;
	size_t legend_count, legend_capacity;
};

void plot_model_deinit(struct plot_model *model);

#endif
