/*
 * Which part of a profile a command looks at: --func, --pid, --window (cli layer).
 */
#ifndef CLI_PROFILES_PROFILE_SELECTION_H
#define CLI_PROFILES_PROFILE_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "plot/profile/profile.h"
#include "symbols/pattern/pattern.h"

/* A zeroed one is all of it. */
struct profile_selection {
	struct pattern_set *functions; /* NULL: all */
	int32_t *pids;
	size_t pid_count, pid_capacity; /* 0: all */
};

void profile_selection_deinit(struct profile_selection *selection);

/* Each may come several times. ERR_USAGE when @text is none. */
struct error *profile_selection_add_functions(struct profile_selection *selection,
					      const char *text) MUST_CHECK;
struct error *profile_selection_add_pids(struct profile_selection *selection,
					 const char *text) MUST_CHECK;

/* After the last word: patterns that no name in a profile can match; ERR_USAGE. */
struct error *profile_selection_check(const struct profile_selection *selection) MUST_CHECK;

/*
 * Hides functions that are not wanted, and removes samples and calls of processes that are not. Fails when
 * nothing is left, with what there is.
 */
struct error *profile_selection_apply(const struct profile_selection *selection,
				      struct profile *profile) MUST_CHECK;

/* "a, b, c, …": what could have been asked for. Owned; NULL without memory. */
char *profile_list_functions(const struct profile *profile);

/* "A,B": two times in seconds, the earlier first. ERR_USAGE when @text is none. */
struct error *time_window_parse(const char *text, int64_t *ret_from_ns,
				int64_t *ret_to_ns) MUST_CHECK;

#endif
