/* What the table of lines and its JSON share (plot layer, private to line_table). */
#ifndef PLOT_LINES_LINE_TABLE_PRIVATE_H
#define PLOT_LINES_LINE_TABLE_PRIVATE_H

#include "plot/lines/line_table.h"

/* Of which source files it has been said what is wrong with them. */
struct line_source_notes {
	const struct line_table *table;
	bool *is_told; /* by the number of a source */
};

struct error *line_source_notes_init(struct line_source_notes *notes,
				     const struct line_table *table) MUST_CHECK;
void line_source_notes_deinit(struct line_source_notes *notes);

/* The text of a source of the profile's book; valid until the next call. Says once what is wrong with it. */
struct error *line_source_get(struct line_source_notes *notes, int32_t source,
			      const struct source_text **ret) MUST_CHECK;

/* Whether the function is wanted, and a line of it ran. */
bool line_table_shows(const struct line_table *table, const struct line_block *block);

#endif
