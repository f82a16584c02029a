/*
 * What is recorded beside memory, for --with (base layer): one row of a table for each, with its word in a FILE.dat, its
 * name and unit for people.
 */
#ifndef BASE_MEMORY_COMPANION_H
#define BASE_MEMORY_COMPANION_H

#include <stdbool.h>
#include <stddef.h>

enum companion {
	WITH_CPU,	   /* CPU time so far, of all threads, s */
	WITH_FAULTS,	   /* page faults so far without reading from a disk */
	WITH_MAJOR_FAULTS, /* … and with it */
	WITH_THREADS,	   /* threads */
	WITH_CGROUP_LIMIT, /* of memory, of the cgroup and those above it, MiB */
	WITH_AS_LIMIT,	   /* RLIMIT_AS, MiB */
	WITH_DATA_LIMIT,   /* RLIMIT_DATA, MiB */
	COMPANIONS
};

/* A set of them: bits. */
static inline unsigned companion_bit(enum companion companion)
{
	return 1u << companion;
}

/* What a word of --with asks for. */
enum {
	WITH_ALL_FAULTS = 1u << WITH_FAULTS | 1u << WITH_MAJOR_FAULTS,
	WITH_LIMITS = 1u << WITH_CGROUP_LIMIT | 1u << WITH_AS_LIMIT | 1u << WITH_DATA_LIMIT,
};

struct companion_traits {
	const char *word;  /* in a FILE.dat */
	const char *title; /* for people: of its rate, where it is a sum */
	const char *unit;  /* of that; "": a number */
	bool is_sum;	   /* it only grows: how fast is what is looked at */
	bool is_limit;	   /* a line in the plot of memory; else a strip below it */
	double rate_scale; /* of a sum: from units a second to the unit */
};

const struct companion_traits *companion_traits(enum companion companion);

/* The companion of that word; false: there is none. */
bool companion_find(const char *word, size_t bytes, enum companion *ret);

#endif
