/*
 * --align FUNC: from whose first call times are counted (cli layer).
 */
#ifndef CLI_PROFILES_ALIGN_OPTION_H
#define CLI_PROFILES_ALIGN_OPTION_H

#include <stdint.h>

#include "plot/profile/profile.h"
#include "symbols/pattern/pattern.h"

/* A zeroed one asks for nothing. */
struct align_option {
	struct pattern_set *functions; /* NULL: times are counted from elsewhere */
	const char *text;	       /* as it was given */
	char *label;		       /* "the first call of load"; owned */
};

/* In place of what was given before; "start" is to ask for nothing. ERR_USAGE when @text is no pattern. */
struct error *align_option_parse(struct align_option *align, const char *text) MUST_CHECK;
void align_option_deinit(struct align_option *align);

/*
 * When one of the functions was called first, since the epoch; of none that was called: when a mark of that name was set first.
 * INT64_MAX: never.
 */
int64_t align_option_first_ns(const struct align_option *align, const struct profile *profile);

#endif
