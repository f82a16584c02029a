/*
 * Lines that begin too near to each other for a jump at each are told by one (probe layer).
 *
 * Between two beginnings of lines may be an instruction or two that reach memory, so that each has a site of its own, with a
 * reading of its own. Where a jump over the first would displace the second, one of them stays a trap. When these have been
 * hit so often that not each execution is read anyway, the first tells of both: whatever comes to the second has come by the
 * first, for nothing else leads there. Executions are still counted one by one; what they gain is charged to the line
 * that has gained most until then.
 *
 *   a thread                            we
 *   meets the first one's trap
 *                                       a trap again in place of the second one's jump; make the first one's pad, which
 *                                       has the code of both: from now on who comes to the first runs on
 *                                       there, and is counted for both
 *   (another one that was in between
 *   meets the second one, as ever)
 *                                       when no thread can be in between: take the second away, write the jump
 */
#ifndef PROBE_LINES_JOINED_LINES_H
#define PROBE_LINES_JOINED_LINES_H

#include "tracer/probe/image.h"
#include "tracer/probe/jump/jump_site.h"

/*
 * @site, where lines begin and nothing else, is a trap that cannot become a jump as it is. *@ret_joined: it has a pad now,
 * and tells of the lines behind it, too, from the hit on that @tracee has met. What its heat says is the caller's.
 */
struct error *joined_lines_begin(struct image *image, struct tracee *tracee, struct site *site,
				 struct jump_store *store, bool *ret_joined) MUST_CHECK;

/*
 * The jump at @site is about to be written, and no thread is in its window: takes away the sites that are joined to it.
 * *@ret_are_gone is false when one of them has got other uses meanwhile.
 */
struct error *joined_lines_end(struct image *image, struct site *site,
			       bool *ret_are_gone) MUST_CHECK;

#endif
