/*
 * What differs between two profiles, for a page that compares them (plot layer).
 */
#ifndef PLOT_HTML_PAYLOAD_DIFFERENCES_H
#define PLOT_HTML_PAYLOAD_DIFFERENCES_H

#include "plot/profile/profile.h"
#include "plot/text/json_write.h"

/*
 * A member "differences" of what is open: of the run, each function and each program every figure of
 * plot/compare/, before and after; null where it is not known. Those that are equal are among them.
 */
struct error *payload_put_differences(struct json_writer *json, const struct profile *before,
				      const struct profile *after) MUST_CHECK;

#endif
