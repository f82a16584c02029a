/* Lines on stderr; see log.h. Base layer. */
#include "tracer/base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tracer/base/utf8.h"

static enum log_level current_level = LOG_NORMAL;
static char current_speaker[32]; /* "rank 3: ", or nothing; ours for good */
static bool has_status_line;	 /* of the terminal's state, as the level is of ours */

void log_set_level(enum log_level level)
{
	current_level = level;
}

void log_set_rank(uint64_t rank)
{
	snprintf(current_speaker, sizeof(current_speaker), "rank %" PRIu64 ": ", rank);
}

bool log_is_quiet(void)
{
	return current_level == LOG_QUIET;
}

void log_expect_status_line(bool is_there)
{
	has_status_line = is_there;
}

bool log_has_status_line(void)
{
	return has_status_line;
}

bool log_is_verbose(void)
{
	return current_level >= LOG_VERBOSE;
}

static void log_line(const char *kind, const char *format, va_list args)
{
	int saved_errno = errno;
	char *text, *line;

	if (vasprintf(&text, format, args) < 0)
		return;
	char *printable = text_printable(text, true);
	free(text);
	const char *before = has_status_line ? "\r\033[K" : "";
	int length = printable ? asprintf(&line, "%smprof-trace: %s%s%s\n", before, current_speaker,
					  kind, printable)
			       : -1;
	has_status_line = false;
	if (length >= 0) {
		/* Nobody is left to tell when stderr cannot be written. */
		ssize_t written;
		do
			written = write(STDERR_FILENO, line, (size_t)length);
		while (written < 0 && errno == EINTR);
		free(line);
	}
	free(printable);
	errno = saved_errno;
}

#define LOG_AT(level, kind)                                                                        \
	do {                                                                                       \
		va_list args;                                                                      \
		if (current_level < (level))                                                       \
			return;                                                                    \
		va_start(args, format);                                                            \
		log_line(kind, format, args);                                                      \
		va_end(args);                                                                      \
	} while (0)

void log_error(const char *format, ...)
{
	LOG_AT(LOG_QUIET, "");
}

void log_warning(const char *format, ...)
{
	LOG_AT(LOG_WARNINGS, "warning: ");
}

void log_info(const char *format, ...)
{
	LOG_AT(LOG_NORMAL, "");
}

void log_debug(const char *format, ...)
{
	LOG_AT(LOG_VERBOSE, "");
}
