/*
 * What memory is made of, for --split (base layer): one row of a table for each kind, with its word in a
 * FILE.dat and its name for people.
 *
 * Two views, told apart by their kinds: the kernel's counters, and the mappings one by one. Each is the whole of
 * what is resident; only PART_SWAP and PART_HUGETLB, which are not, stand beside both.
 */
#ifndef BASE_MEMORY_PART_KIND_H
#define BASE_MEMORY_PART_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum part_kind {
	/* Counters of /proc/PID/status. */
	PART_ANON,    /* private: heaps, stacks, what has been written to of private files */
	PART_FILE,    /* of files */
	PART_SHMEM,   /* shared memory, tmpfs, memfd */
	PART_SWAP,    /* swapped out */
	PART_HUGETLB, /* in pages of hugetlbfs */
	PART_COUNTERS,
	/* Mappings, by what is resident of them; "named" ones have a part for each name. */
	PART_HEAP = PART_COUNTERS, /* that brk(2) moves */
	PART_ARENA,		   /* malloc's arenas of threads, glibc's */
	PART_MMAP,		   /* anonymous memory; large blocks of malloc are such */
	PART_STACK,		   /* of all threads */
	PART_LIBRARY,		   /* the program and its libraries, named */
	PART_MAPPED,		   /* other files, named */
	PART_SHARED,		   /* shared memory, named where it has one */
	PART_JIT,		   /* code that is no file's */
	PART_OURS,		   /* what we have mapped there */
	PART_OTHER,		   /* of the kernel: the vdso */
	PART_MAPS,		   /* all of these together: comes last, at each look */
	PART_KINDS
};

/* Which parts are recorded. */
enum split_mode {
	SPLIT_NONE,
	SPLIT_COUNTERS,
	SPLIT_MAPS, /* the counters, too */
};

struct memory_part {
	enum part_kind kind;
	char *name; /* a path; "": the kind's only part, or all of it that has none of its own */
	uint64_t bytes;
};

struct part_traits {
	const char *word;  /* in a FILE.dat */
	const char *title; /* for people: "heap", "shared memory" */
	const char *
		rest; /* of a named one: all that have no part of their own, "other libraries"; else NULL */
};

const struct part_traits *part_traits(enum part_kind kind);

/* The kind of that word; false: there is none. */
bool part_kind_find(const char *word, size_t bytes, enum part_kind *ret);

#endif
