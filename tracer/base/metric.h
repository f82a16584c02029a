/*
 * What memory means in a recording (base layer): the names that the command line, the file and the
 * plots have for it. tracer/sample/memory_usage.h says where each is read.
 */
#ifndef BASE_METRIC_H
#define BASE_METRIC_H

#include <stdbool.h>
#include <stddef.h>

enum metric {
	METRIC_RSS,
	METRIC_PSS,
	METRIC_USS,
	METRIC_VMS,
	METRIC_SWAP,
	METRIC_ANON,
	METRIC_COUNT
};

struct metric_traits {
	const char *name;    /* on the command line and in the file */
	const char *title;   /* in a plot */
	const char *meaning; /* for people */
	bool is_expensive;   /* a reading takes time in proportion to the memory */
	bool repeats_shared; /* pages that processes share are counted for each: mind the sum */
};

const struct metric_traits *metric_traits(enum metric metric);

/* The metric of that name; false: there is none. */
bool metric_find(const char *name, enum metric *ret);

/* All names, for people: "rss, pss, … or anon". */
enum { METRIC_NAMES_BYTES = 128 };
void metric_names(char ret[METRIC_NAMES_BYTES]);

#endif
