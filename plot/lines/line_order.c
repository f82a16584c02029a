/* Which functions a table shows, in which order; see line_table.h. Plot layer. */
#include <stdlib.h>
#include <string.h>

#include "plot/lines/line_table_private.h"

static bool is_shown(const struct line_table *table, const struct line_block *block)
{
	const char *name = table->profile->lines.names.items[block->name].text;

	return block->count > 0 && (table->wants == NULL || table->wants(table->data, name));
}

size_t line_table_count(const struct line_table *table)
{
	size_t count = 0;

	for (size_t i = 0; i < table->profile->lines.count; i++)
		count += is_shown(table, &table->profile->lines.blocks[i]);
	return count;
}

/* Processes as the profile has them, then as in their files. */
static int block_compare(const void *left, const void *right, void *context)
{
	const struct line_book *book = context;
	const struct line_block *a = &book->blocks[*(const size_t *)left],
				*b = &book->blocks[*(const size_t *)right];

	if (a->process != b->process)
		return a->process < b->process ? -1 : 1;
	int order = strcmp(book->sources.items[line_block_source(a)].text,
			   book->sources.items[line_block_source(b)].text);
	if (order != 0)
		return order;
	const uint32_t line = line_block_first_line(a), other = line_block_first_line(b);
	if (line != other)
		return line < other ? -1 : 1;
	return strcmp(book->names.items[a->name].text, book->names.items[b->name].text);
}

struct error *line_order_build(struct line_order *ret, const struct line_table *table)
{
	const struct line_book *book = &table->profile->lines;

	*ret = (struct line_order){ .blocks = calloc(book->count + 1, sizeof(*ret->blocks)) };
	if (ret->blocks == NULL)
		return error_no_memory();
	for (size_t i = 0; i < book->count; i++) {
		if (is_shown(table, &book->blocks[i]))
			ret->blocks[ret->count++] = i;
	}
	qsort_r(ret->blocks, ret->count, sizeof(*ret->blocks), block_compare, (void *)book);
	return NULL;
}

void line_order_deinit(struct line_order *order)
{
	free(order->blocks);
}
