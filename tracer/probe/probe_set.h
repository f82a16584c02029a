/*
 * The probes: what the user asked to observe (probe layer).
 *
 * A probe is one function by the name it has in the profile; it outlives exec and is shared by all
 * address spaces. Patterns and probes are many to many.
 */
#ifndef PROBE_PROBE_SET_H
#define PROBE_PROBE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbols/pattern/pattern.h"
#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"

/* What a probe has cost the program in one window of time, with --max-overhead; for loop/overhead. */
struct probe_cost {
	uint64_t window; /* its number, from 1 on; 0: none yet */
	uint64_t stops;
	int64_t stop_ns;  /* of those, with what we did in them */
	uint64_t records; /* of its pads … */
	uint64_t reads;	  /* … with those that have read memory, … */
	uint64_t sums;	  /* … and the calls that they have summed up */
	double share;	  /* of the program's own time, in the last window that is over, … */
	uint64_t shared_window; /* … which is this one; 0: none yet */
	bool may_be_summed;	/* its calls, as far as its sites tell */
};

struct probe {
	char *name;    /* as in a .dat file: spaces are no-break spaces */
	uint64_t hits; /* calls entered so far */
	struct probe_cost cost;
	bool is_summed;	  /* its calls are condensed, and summed up by pads, from the first on */
	bool is_dropped;  /* nothing of it is probed any more */
	bool is_needed;	  /* not for its calls alone, but for breaks: it is not dropped */
	size_t *patterns; /* numbers of the patterns that ask for it */
	size_t pattern_count, pattern_capacity;
	struct probe *next; /* another probe whose name has the same hash */
};

/* What the calls of one pattern's functions come to; loop/calls/call_sums.h fills it in, but for the first. */
struct pattern_sums {
	bool is_matched;    /* by what a file has that was read, whether or not it can be probed */
	uint64_t open;	    /* of the calls below, those that have not ended yet */
	uint64_t ended;	    /* calls with a beginning and an end */
	uint64_t inherited; /* calls that were open in the parent at a fork, not among those */
	int64_t total_ns;   /* of outer calls */
	int64_t gained_bytes; /* likewise; negative: they gave back more than they took */
};

struct probe_set {
	const struct pattern_set *patterns; /* borrowed */
	struct pattern_sums *sums;	    /* by pattern, the last for PROBE_NO_PATTERN. Owned */
	uint64_t call_count;		    /* of all probes, without moments of static ones */
	struct addr_map by_name_hash;
	size_t dropped_count;
	struct addr_map dropped_functions; /* symbols' functions, by their addresses */
};

/* Borrows @patterns. */
struct error *probe_set_init(struct probe_set *set, const struct pattern_set *patterns) MUST_CHECK;
void probe_set_deinit(struct probe_set *set);

/* Not asked for with -f: Python's @profile. */
static const size_t PROBE_NO_PATTERN = SIZE_MAX;

/* Valid as long as @set. */
struct pattern_sums *probe_set_sums(const struct probe_set *set, size_t pattern);

/* The probe of this name, NULL: none. @name is as in a .dat file. */
struct probe *probe_set_find(const struct probe_set *set, const char *name);

/* @probe is dropped: nothing of it is probed any more, in no memory. */
void probe_set_drop(struct probe_set *set, struct probe *probe);

/*
 * Whether @function of a file, which is matched as @label, is not to be probed because its probe has been dropped. The
 * first label of a function is the name that its probe has; under those that follow it stays out, too.
 */
bool probe_set_drops(struct probe_set *set, const void *function, const char *label);

/* The probe of the function labelled @label, made when new, asked for by pattern @pattern. */
struct error *probe_set_add(struct probe_set *set, size_t pattern, const char *label,
			    struct probe **ret) MUST_CHECK;

/* What became of one pattern. */
struct pattern_tally {
	size_t functions; /* matched */
	size_t hit;	  /* of those, hit at least once */
	uint64_t calls;
	struct pattern_sums sums;
};
struct pattern_tally probe_set_tally(const struct probe_set *set, size_t pattern);

#endif
