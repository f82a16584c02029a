/*
 * What memory was made of, and what was recorded beside it, for a page (plot layer). page/areas.js and page/beside.js
 * draw it.
 */
#ifndef PLOT_HTML_PAYLOAD_PARTS_H
#define PLOT_HTML_PAYLOAD_PARTS_H

#include "plot/profile/profile.h"
#include "plot/text/json_write.h"

/* "stack", "beside" and "limits": of the main curve, of all processes, of the main process. */
struct error *payload_put_parts(struct json_writer *json, const struct profile *profile) MUST_CHECK;

#endif
