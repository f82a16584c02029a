/* The records of lines; see line_records.h. Plot layer. */
#include "plot/records/line_records.h"

#include <stdlib.h>

static bool is_line_number(uint64_t line)
{
	return line >= 1 && line <= INT32_MAX;
}

/* The function's block, and the number of the path that ends the line. */
static struct error *find_block(struct record_reader *reader, const struct field_values *values,
				const union field_value *path, struct line_block **ret,
				int32_t *ret_source)
{
	struct line_book *book = &reader->profile->lines;
	char *name = NULL, *source = NULL;
	size_t block = 0;
	int32_t process;

	struct error *err = profile_need_process(reader->profile, values->of[1].number, &process);
	if (err == NULL)
		err = record_read_text(reader, &values->of[0], &name);
	if (err == NULL)
		err = record_read_text(reader, path, &source);
	if (err == NULL)
		err = line_book_need_block(book, process, name, &block);
	if (err == NULL)
		err = text_pool_need(&book->sources, source, ret_source);
	free(name);
	free(source);
	if (err == NULL)
		*ret = &book->blocks[block];
	return err;
}

struct error *record_read_line(struct record_reader *reader, const struct field_values *values)
{
	const uint64_t line = values->of[2].count;
	struct line_block *block;
	struct line_figures figures = {
		.line = (uint32_t)line,
		.count = values->of[3].count,
		.gained_mib = values->of[4].mib,
		.mib = values->of[5].mib,
		.held_count = values->of[6].count,
	};

	if (!is_line_number(line) || figures.mib < 0)
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	struct error *err = find_block(reader, values, &values->of[7], &block, &figures.source);
	return err != NULL ? err : line_block_put(block, &figures);
}

struct error *record_read_lines(struct record_reader *reader, const struct field_values *values)
{
	const uint64_t first = values->of[2].count, last = values->of[3].count;
	struct line_block *block;
	struct line_function function = {
		.first_line = (uint32_t)first,
		.last_line = (uint32_t)last,
		.calls = values->of[4].count,
		.before_mib = values->of[5].mib,
		.gained_mib = values->of[6].mib,
		.is_optimised = values->of[7].count != 0,
	};

	if (!is_line_number(first) || !is_line_number(last) || last < first ||
	    function.before_mib < 0)
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	struct error *err = find_block(reader, values, &values->of[8], &block, &function.source);
	if (err != NULL)
		return err;
	block->function = function;
	block->has_function = true;
	return NULL;
}

struct error *record_read_line_text(struct record_reader *reader, const struct field_values *values)
{
	struct line_book *book = &reader->profile->lines;
	const uint64_t line = values->of[0].count;
	const union field_value *rest = &values->of[2];
	char *path = NULL, *text = NULL;
	int32_t source;

	if (!is_line_number(line) || rest->text.bytes == 0 || rest->text.at[0] != '|')
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	const union field_value behind = { .text = { rest->text.at + 1, rest->text.bytes - 1 } };
	struct error *err = record_read_text(reader, &values->of[1], &path);
	if (err == NULL)
		err = record_read_text(reader, &behind, &text);
	if (err == NULL)
		err = text_pool_need(&book->sources, path, &source);
	if (err == NULL)
		err = line_book_put_text(book, source, (uint32_t)line, text);
	free(path);
	free(text);
	return err;
}
