/*
 * Names of others as members of a page's JSON (plot layer).
 */
#ifndef PLOT_HTML_PAYLOAD_TEXT_H
#define PLOT_HTML_PAYLOAD_TEXT_H

#include "plot/text/json_write.h"

/* Clean, and without its middle where it is as long as a book. @text NULL: null. */
struct error *payload_put_text(struct json_writer *json, const char *key,
			       const char *text) MUST_CHECK;

#endif
