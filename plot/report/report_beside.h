/*
 * What was recorded beside memory, in a report's head (plot layer, private to report).
 */
#ifndef PLOT_REPORT_REPORT_BESIDE_H
#define PLOT_REPORT_REPORT_BESIDE_H

#include <stdio.h>

#include "plot/profile/profile.h"
#include "plot/report/report_options.h"
#include "plot/text/json_write.h"

/* Of all processes together, in the time that is reported; nothing where nothing was recorded. */
struct error *report_put_beside(FILE *out, const struct profile *profile,
				const struct report_options *options) MUST_CHECK;

/* An object, "with". */
struct error *report_put_json_beside(struct json_writer *json, const struct profile *profile,
				     const struct report_options *options) MUST_CHECK;

#endif
