/*
 * The calls of a profile, packed for a page (plot layer). page/payload.js reads them.
 */
#ifndef PLOT_HTML_PAYLOAD_CALLS_H
#define PLOT_HTML_PAYLOAD_CALLS_H

#include "plot/html/packer.h"
#include "plot/profile/profile.h"

/* Single calls that a page holds, of all functions of a profile. */
enum { PAYLOAD_CALLS_MOST = 120000 };

/*
 * The single calls of all functions that are not hidden, in order of their starts; then for each of these
 * functions its condensed ones. Where the page would hold too many, functions with few calls keep all of
 * theirs, and the others the longest; the rest are condensed too, so that nothing is lost from the sums.
 * *@ret_reduced says whether that was so.
 */
struct error *payload_pack_calls(struct packer *packer, const struct profile *profile,
				 bool *ret_reduced) MUST_CHECK;

#endif
