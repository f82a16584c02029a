/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What memory means in a recording (base layer): one row of a table for each metric says its names, where
 * the kernel shows it, and how pages of our own count in it. tracer/sample/memory_usage.h says what a
 * reading costs.
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
	METRIC_RSS_HUGE,
	METRIC_CGROUP,
	METRIC_COUNT
};

/* How pages that are in a process because of us count in a metric. */
enum metric_own_pages {
	OWN_PAGES_RESIDENT, /* those that would not be in memory without us */
	OWN_PAGES_PRIVATE,  /* all that are not a file's */
	OWN_PAGES_MAPPED,   /* all that is mapped, used or not */
	/* The rest is not in our books, but in smaps: which pages others share, or are swapped out. */
	OWN_PAGES_SHARED,
	OWN_PAGES_UNSHARED,
	OWN_PAGES_SWAPPED,
	OWN_PAGES_UNKNOWN, /* they count, and are not told apart */
};

enum { METRIC_FIELDS_MOST = 3 };

struct metric_traits {
	const char *name;    /* on the command line and in the file */
	const char *title;   /* in a plot */
	bool is_expensive;   /* a reading takes time in proportion to the memory */
	bool repeats_shared; /* pages that processes share are counted for each: mind the sum */
	bool is_cgroup; /* of the cgroup of the main process: the file tells only whether it is there */
	bool leaves_out_huge; /* the kernel counts pages of hugetlbfs apart */

	/* It is the sum of these of a file of /proc/PID. */
	const char *file;
	unsigned
		column; /* of statm, from 1, in pages; 0: fields, in kB, of which the first is always there */
	const char *fields[METRIC_FIELDS_MOST + 1];
	const char *peak_field; /* of status: the high-water mark; NULL: the kernel keeps none */
	enum metric_own_pages own_pages;
};

const struct metric_traits *metric_traits(enum metric metric);

/* The metric of that name; false: there is none. */
bool metric_find(const char *name, enum metric *ret);

/* All names, for people: "rss, pss, … or anon". */
enum { METRIC_NAMES_BYTES = 128 };
void metric_names(char ret[METRIC_NAMES_BYTES]);

#endif
