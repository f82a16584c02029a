/* The text of lines, from files or the profile; see line_source.h. Plot layer. */
#include "plot/lines/line_source.h"

#include <string.h>

const char *line_source_complaint(const struct profile *profile, int32_t source,
				  const struct source_text *text)
{
	if (line_book_text(&profile->lines, source, 0) != NULL)
		return NULL;
	if (text->why != NULL)
		return text->why;
	return profile->first_ns != INT64_MAX && text->modified_ns > profile->first_ns
		       ? "changed since the program was recorded: its lines may be others"
		       : NULL;
}

bool line_source_has(const struct profile *profile, int32_t source, const struct source_text *text,
		     uint32_t line)
{
	return text->why == NULL ? line <= text->line_count
				 : line_book_text(&profile->lines, source, line) != NULL;
}

char *line_source_line(const struct profile *profile, int32_t source,
		       const struct source_text *text, uint32_t line)
{
	if (!line_source_has(profile, source, text, line))
		return NULL;
	return text->why == NULL ? source_text_line(text, line)
				 : strdup(line_book_text(&profile->lines, source, line));
}
