/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Keeps the file bounded (record layer): the calls of a function that is called very often are
 * summed up per window of time once its single calls have passed a limit.
 */
#ifndef RECORD_CONDENSER_H
#define RECORD_CONDENSER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"

/* So many of a function's condensed calls stay single after all: the longest. */
enum { CONDENSER_LONGEST = 16 };

/* One function's condensed calls in one process. */
struct condensed {
	pid_t pid;
	int64_t from_ns, to_ns; /* first and last end of a call in it */
	uint64_t count;		/* 0: the window is empty */
	int64_t total_ns, shortest_ns, longest_ns;
	int64_t gained_bytes; /* sum of out - in */
	uint64_t max_bytes;   /* largest memory seen at an entry or end */
	uint64_t held_count;  /* calls with a held reading */
	struct condensed *next;
};

struct condensed_function {
	const char *name;      /* borrowed */
	bool is_begun;	       /* they are condensed, whatever their number: condenser_begin */
	uint64_t single_count; /* calls written one by one, before the limit was passed */
	/* The longest calls since then, which were written one by one; the shortest of them first. */
	int64_t longest_ns[CONDENSER_LONGEST];
	unsigned longest_count; /* since windows were written last */
	struct condensed *windows;
};

/*
 * The single calls of all functions together are so many times those of one, at most; then only the first ones of
 * each function are single, a thousandth of what it had otherwise: those of a program's thousands of functions fill a
 * file, too.
 */
enum { CONDENSER_ALL = 10, CONDENSER_FIRST = 1000 };

struct condenser {
	uint64_t max_calls;
	uint64_t single_count;	   /* of all functions, but for the longest of the condensed */
	struct addr_map functions; /* address of the name -> struct condensed_function */
};

void condenser_deinit(struct condenser *condenser);

/*
 * Takes a call's end into its window. @is_held: memory at its entry or at its end. *@ret_is_single: it is to be
 * written by itself instead. It is below the limit; or longer than all but CONDENSER_LONGEST - 1 of those since: of those so many in the time between two flushes, then only
 * those twice as long as all before, so that calls that last ever longer do not fill the file.
 */
struct error *condenser_add(struct condenser *condenser, const char *name, pid_t pid,
			    int64_t entry_ns, uint64_t entry_bytes, int64_t end_ns,
			    uint64_t end_bytes, bool is_held, bool *ret_is_single) MUST_CHECK;

/* Likewise @sum, calls that have been summed up before; what it has of its own is left alone. */
struct error *condenser_add_sum(struct condenser *condenser, const char *name,
				const struct condensed *sum) MUST_CHECK;

/* The calls of the function are condensed from now on, as if they had passed the limit. */
struct error *condenser_begin(struct condenser *condenser, const char *name) MUST_CHECK;

/* Of a function with @calls calls so far: whether its calls are condensed by now, the longest excepted. */
bool condenser_is_past(const struct condenser *condenser, uint64_t calls);

/* Calls of the function that are shorter are condensed; 0: none are, yet. */
int64_t condenser_limit_ns(const struct condenser *condenser, const char *name);

/* Gives each window that began before @before_ns to @write and empties it. */
void condenser_flush(struct condenser *condenser, int64_t before_ns,
		     void (*write)(void *context, const char *name, const struct condensed *window),
		     void *context);

#endif
