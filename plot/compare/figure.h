/*
 * What of a profile is compared and limited: one row of a table for each figure says the words for it and
 * what it is measured in (plot layer). Pure.
 */
#ifndef PLOT_COMPARE_FIGURE_H
#define PLOT_COMPARE_FIGURE_H

#include <stdbool.h>
#include <stddef.h>

#include "tracer/base/quantity.h"

/* Whose figures they are. */
enum subject_kind {
	SUBJECT_RUN, /* the recording as a whole: one in each profile */
	SUBJECT_FUNCTION,
	SUBJECT_PROGRAM, /* all processes that ran it, the main one included */
};

enum figure {
	/* Of the run. */
	FIGURE_PEAK,	   /* of the main process */
	FIGURE_TREE,	   /* of all processes together */
	FIGURE_DURATION,   /* of the main process */
	FIGURE_SLOPE,	   /* of the main process, by least squares */
	FIGURE_TREE_SLOPE, /* of all processes together */
	/* Of a function: its calls together, a recursive one once. */
	FIGURE_GAIN,
	FIGURE_CALLS,
	FIGURE_TIME,
	/* Of a program. */
	FIGURE_PROCESS_PEAK, /* the highest of its processes */
	FIGURE_PROCESSES,    /* how many there were */
	FIGURE_COUNT,
};

struct figure_traits {
	enum subject_kind kind;
	const char *word;  /* in conditions; those of one kind differ */
	const char *title; /* for people */
	enum quantity quantity;
};

const struct figure_traits *figure_traits(enum figure figure);

/* The figure of that kind with that word of @bytes. False: there is none. */
bool figure_find(enum subject_kind kind, const char *word, size_t bytes, enum figure *ret);

/* "gain, calls, time": all of one kind, for people. */
enum { FIGURE_WORDS_BYTES = 80 };
void figure_words(enum subject_kind kind, char ret[static FIGURE_WORDS_BYTES]);

enum { FIGURE_TEXT_BYTES = 48 };

/* "120.3 MiB", "3.20 s", "1.5 MiB/s", "12"; "-" for one that is not known (NAN). */
void figure_format(enum quantity quantity, double value, char ret[static FIGURE_TEXT_BYTES]);

/* "±2.1 MiB", "±0". */
void figure_format_spread(enum quantity quantity, double spread,
			  char ret[static FIGURE_TEXT_BYTES]);

/* The same with its sign: "+40.7 MiB"; "=" for no change. */
void figure_format_change(enum quantity quantity, double change,
			  char ret[static FIGURE_TEXT_BYTES]);

/* For other programs: times in seconds, the rest as it is. */
double figure_number(enum quantity quantity, double value);

/* "MiB", "s", "MiB/s", "": of that number. */
const char *figure_unit(enum quantity quantity);

/* In percent of @before: an infinity when that is 0, and 0 when both are; NAN if one is not known. */
double figure_percent(double before, double after);

/* "+34 %", "-0.4 %"; "" for no change, for an infinity, and for what is not known. */
void figure_format_percent(double percent, char ret[static FIGURE_TEXT_BYTES]);

#endif
