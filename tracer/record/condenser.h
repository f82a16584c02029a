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
	uint64_t single_count; /* calls written one by one */
	struct condensed *windows;
};

struct condenser {
	uint64_t max_calls;
	struct addr_map functions; /* address of the name -> struct condensed_function */
};

void condenser_deinit(struct condenser *condenser);

/*
 * Takes a call's end into its window. @is_held: one of its readings of memory, or both. *@ret_is_single: it is below the limit, and is to be written
 * by itself instead.
 */
struct error *condenser_add(struct condenser *condenser, const char *name, pid_t pid,
			    int64_t entry_ns, uint64_t entry_bytes, int64_t end_ns,
			    uint64_t end_bytes, bool is_held, bool *ret_is_single) MUST_CHECK;

/* Gives each window that began before @before_ns to @write and empties it. */
void condenser_flush(struct condenser *condenser, int64_t before_ns,
		     void (*write)(void *context, const char *name, const struct condensed *window),
		     void *context);

#endif
