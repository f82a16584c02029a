/*
 * Places in code that threads may come to without a branch (probe layer): where a signal has met a thread, its
 * handler may return to, now or at any time (the program may keep what the handler was told). No jump may displace
 * what is around such a place, and nothing tells when that ends.
 *
 * So it is a set that is never emptied, but of code that is gone. It is a bit for each byte of the pages that have
 * any: an eighth of the code that signals meet, at most.
 */
#ifndef PROBE_CODE_CUTS_H
#define PROBE_CODE_CUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

enum { CUT_PAGES_MOST = 16384 }; /* of code, 4 KiB each */

struct cuts {
	struct addr_map pages; /* page number + 1 -> its bits, owned */
	bool has_lost;	       /* some place could not be noted: any may be one */
};

/* A zeroed struct holds none. */
void cuts_deinit(struct cuts *cuts);

/* False: there are too many, and the caller may forget some first; with has_lost nothing is noted any more. */
bool cuts_add(struct cuts *cuts, taddr_t pc);

/* Whether any of the @bytes from @from on is one, or may be. */
bool cuts_has(const struct cuts *cuts, taddr_t from, size_t bytes);

/* The code of those pages that lie within [start, end) whole is gone. */
void cuts_forget(struct cuts *cuts, uint64_t start, uint64_t end);

/* Forgets the pages that @is_wanted says no of. */
void cuts_keep(struct cuts *cuts, bool (*is_wanted)(const void *context, taddr_t page),
	       const void *context);

/* @to holds none yet. */
struct error *cuts_copy(struct cuts *to, const struct cuts *from) MUST_CHECK;

#endif
