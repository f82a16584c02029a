/*
 * The figures of the profiles that check and diff work on, and the patterns of their conditions (cli layer).
 */
#ifndef CLI_PROFILES_PROFILE_FIGURES_H
#define CLI_PROFILES_PROFILE_FIGURES_H

#include "plot/compare/condition.h"
#include "plot/compare/figure_group.h"
#include "symbols/pattern/pattern.h"
#include "tracer/cli/profiles/profile_files.h"

/*
 * Reads one after the other; only figures are kept of each. @ret is finished. Without @needs_tree the peak of
 * all processes together may be off: that of a large file takes a second look at it.
 */
struct error *profile_figures_read(const struct profile_files *files, bool needs_tree,
				   struct figure_group *ret) MUST_CHECK;

struct condition_patterns {
	struct pattern_set **sets; /* of each condition; NULL: it needs none */
	size_t count;
};

/*
 * Makes conditions on functions ask patterns, as of -f. A name that a function has exactly needs none: it may
 * be of a language whose names are no patterns. @before may be NULL. @patterns must outlive the judging.
 */
struct error *condition_patterns_init(struct condition_patterns *patterns,
				      struct conditions *conditions,
				      const struct figure_group *before,
				      const struct figure_group *after) MUST_CHECK;
void condition_patterns_deinit(struct condition_patterns *patterns);

#endif
