/*
 * What of a function's lines is shown together: its own text, and each file that something was inlined from (plot
 * layer). Pure.
 */
#ifndef PLOT_LINES_LINE_SECTIONS_H
#define PLOT_LINES_LINE_SECTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plot/profile/profile.h"

/* Neighbouring lines of a file. */
struct line_run {
	uint32_t first, last;
	size_t figures_first, figures_count; /* of the section's: those that are within */
};

/* Lines of one file. */
struct line_section {
	int32_t source; /* number among the book's sources */
	bool is_own; /* the function's own text, or what is taken for it where that is not known */
	size_t runs_first, run_count;	     /* of all runs; by line */
	size_t figures_first, figures_count; /* likewise */
};

struct line_sections {
	struct line_figures *figures;  /* all of the block, section by section, by line */
	struct line_section *sections; /* the own one first, then in order of their first record */
	size_t count;
	struct line_run *runs;
};

/*
 * The own text is one run, from its first line to its last, unless it has more lines than any function has. Of other
 * files, only lines that ran are shown, and a few that lie between two of them.
 */
struct error *line_sections_build(struct line_sections *ret,
				  const struct line_block *block) MUST_CHECK;
void line_sections_deinit(struct line_sections *sections);

/*
 * It need not be shown: inlined code that gained nothing. Optimised C++ has lines of dozens of headers in each
 * function, most of which do nothing to the memory.
 */
bool line_section_is_idle(const struct line_sections *sections, size_t index);

#endif
