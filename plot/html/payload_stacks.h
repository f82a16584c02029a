/*
 * Stacks for a page's tooltips, as members of a profile's JSON (plot layer). page/stacks.js reads them.
 */
#ifndef PLOT_HTML_PAYLOAD_STACKS_H
#define PLOT_HTML_PAYLOAD_STACKS_H

#include "plot/profile/profile.h"
#include "plot/text/json_write.h"

/* Stacks of calls that a page holds, of one profile: the first ones. */
enum { PAYLOAD_CALL_STACKS_MOST = 4096 };

/*
 * "peakStacks": of each process, [process, seconds since the profile's zero_ns, text], in order of time; "callStacks":
 * [process, thread, microseconds, text] of calls. Without stacks both are left out.
 */
struct error *payload_put_stacks(struct json_writer *json,
				 const struct profile *profile) MUST_CHECK;

#endif
