/*
 * The text of the lines of a profile, for who shows a table of them (plot layer).
 */
#ifndef PLOT_LINES_LINE_SOURCE_H
#define PLOT_LINES_LINE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "plot/lines/source_store.h"
#include "plot/profile/profile.h"

/*
 * What is wrong with the text of a source of the profile's book: there is none, or it was changed since, and need not
 * be that of what ran. NULL: nothing, or the profile has a text itself.
 */
const char *line_source_complaint(const struct profile *profile, int32_t source,
				  const struct source_text *text);

/*
 * The text of a line of it, from its file, or from the profile, which may have it. Owned (free); NULL: neither has
 * it, or there is no memory.
 */
char *line_source_line(const struct profile *profile, int32_t source,
		       const struct source_text *text, uint32_t line);
bool line_source_has(const struct profile *profile, int32_t source, const struct source_text *text,
		     uint32_t line);

#endif
