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

/* The functions that are wanted and of which a line ran, as they are to be shown. */
struct line_order {
	size_t *blocks; /* indices into the book's */
	size_t count;
};

struct error *line_order_build(struct line_order *ret, const struct line_table *table) MUST_CHECK;
void line_order_deinit(struct line_order *order);

/* Where the function's text is and begins, of a block with lines; that of its first line where it is not known. */
static inline int32_t line_block_source(const struct line_block *block)
{
	return block->has_function ? block->function.source : block->lines[0].source;
}

static inline uint32_t line_block_first_line(const struct line_block *block)
{
	return block->has_function ? block->function.first_line : block->lines[0].line;
}

#endif
