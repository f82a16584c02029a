/*
 * Lines of functions, as a member of a profile's JSON (plot layer). page/lines.js reads it.
 */
#ifndef PLOT_HTML_PAYLOAD_LINES_H
#define PLOT_HTML_PAYLOAD_LINES_H

#include "plot/profile/profile.h"
#include "plot/text/json_write.h"

/* What a page holds of one profile: functions, rows of one of them, and of all. */
enum {
	PAYLOAD_LINE_FUNCTIONS_MOST = 100,
	PAYLOAD_LINE_ROWS_OF_FUNCTION = 500,
	PAYLOAD_LINE_ROWS_MOST = 5000
};

/*
 * "lines": functions, each once for each process that ran lines of it, those that gained most first, and how many
 * have no room. Each has sections of its own text and of what was inlined, with rows [line, text, count, gained,
 * after, held], or [line, text] of lines that did not run; null between lines that are no neighbours. Of a
 * function with too many lines those that did not run go first, then those that gained least. Without lines it
 * is left out.
 */
struct error *payload_put_lines(struct json_writer *json, const struct profile *profile) MUST_CHECK;

#endif
