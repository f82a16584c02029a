/* The records of lines; see recorder_lines.h. Record layer. */
#include "tracer/record/recorder_lines.h"

#include <stdio.h>
#include <stdlib.h>

#include "tracer/record/recorder_private.h"

void recorder_line(struct recorder *recorder, const struct recorder_line *line)
{
	RECORDER_WRITE(recorder, PROFILE_LINE, { .text = line->name }, { line->pid },
		       { line->line }, { (int64_t)line->count }, { line->gained_bytes },
		       { (int64_t)line->bytes }, { (int64_t)line->held_count },
		       { .text = line->source });
}

void recorder_line_function(struct recorder *recorder,
			    const struct recorder_line_function *function)
{
	RECORDER_WRITE(recorder, PROFILE_LINES, { .text = function->name }, { function->pid },
		       { function->first_line }, { function->last_line },
		       { (int64_t)function->calls }, { (int64_t)function->before_bytes },
		       { function->gained_bytes }, { function->is_optimised },
		       { .text = function->source });
}

void recorder_line_text(struct recorder *recorder, const char *source, unsigned line,
			const char *text)
{
	char *rest;

	/* A reader takes spaces in front of a rest for none; without memory the text is not known. */
	if (asprintf(&rest, "|%s", text) < 0)
		return;
	RECORDER_WRITE(recorder, PROFILE_TEXT, { line }, { .text = source }, { .text = rest });
	free(rest);
}
