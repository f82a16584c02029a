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

struct probe {
	char *name;	  /* as in a .dat file: spaces are no-break spaces */
	uint64_t hits;	  /* calls entered so far */
	size_t *patterns; /* numbers of the patterns that ask for it */
	size_t pattern_count, pattern_capacity;
	struct probe *next; /* another probe whose name has the same hash */
};

struct probe_set {
	const struct pattern_set *patterns; /* borrowed */
	struct addr_map by_name_hash;
};

/* Borrows @patterns. */
void probe_set_init(struct probe_set *set, const struct pattern_set *patterns);
void probe_set_deinit(struct probe_set *set);

/* Not asked for with -f: Python's @profile. */
static const size_t PROBE_NO_PATTERN = SIZE_MAX;

/* The probe of this name, NULL: none. @name is as in a .dat file. */
struct probe *probe_set_find(const struct probe_set *set, const char *name);

/* The probe of the function labelled @label, made when new, asked for by pattern @pattern. */
struct error *probe_set_add(struct probe_set *set, size_t pattern, const char *label,
			    struct probe **ret) MUST_CHECK;

/* What became of one pattern. */
struct pattern_tally {
	size_t functions; /* matched */
	size_t hit;	  /* of those, hit at least once */
	uint64_t calls;
};
struct pattern_tally probe_set_tally(const struct probe_set *set, size_t pattern);

#endif
