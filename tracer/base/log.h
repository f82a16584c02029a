/*
 * What we say on stderr, one line each, with "mprof-trace: " in front (base layer).
 *
 * A line is written with one write(2), so that it is not torn by what the target writes. Control
 * characters in it are escaped, but for the newlines of an indented list: see text_printable.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/base/error.h"

enum log_level {
	LOG_QUIET,    /* -q: errors only */
	LOG_WARNINGS, /* what went wrong alone: figures are printed in another way */
	LOG_NORMAL,   /* errors, warnings, the summary */
	LOG_VERBOSE   /* -v: what was planned, inserted, refused */
};

void log_set_level(enum log_level level);
/* Of several that share a terminal: "mprof-trace: rank 3: " stands before each line. */
void log_set_rank(uint64_t rank);
bool log_is_quiet(void);
bool log_is_verbose(void); /* what only -v tells is worth to be counted */

/*
 * A line without an end stands on the terminal that stderr is: the next message takes its place. Whether it does
 * stand there yet.
 */
void log_expect_status_line(bool is_there);
bool log_has_status_line(void);

void log_error(const char *format, ...) PRINTF_LIKE(1, 2); /* always */
void log_warning(const char *format, ...)
	PRINTF_LIKE(1, 2);				   /* from LOG_WARNINGS; "warning: " + it */
void log_info(const char *format, ...) PRINTF_LIKE(1, 2);  /* from LOG_NORMAL */
void log_debug(const char *format, ...) PRINTF_LIKE(1, 2); /* from LOG_VERBOSE */

#endif
