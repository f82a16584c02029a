/* What a profile says of lines; see line_book.h. Plot layer. */
#include "plot/profile/line_book.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

void line_book_deinit(struct line_book *book)
{
	for (size_t i = 0; i < book->count; i++) {
		free(book->blocks[i].lines);
		addr_map_deinit(&book->blocks[i].line_of_key);
	}
	free(book->blocks);
	addr_map_deinit(&book->block_of_key);
	text_pool_deinit(&book->names);
	text_pool_deinit(&book->sources);
	text_pool_deinit(&book->texts);
	addr_map_deinit(&book->text_of_line);
	*book = (struct line_book){ 0 };
}

static struct error *copy_block(const struct line_block *block, struct line_block *ret)
{
	*ret = (struct line_block){
		.name = block->name,
		.process = block->process,
		.has_function = block->has_function,
		.function = block->function,
	};
	struct error *err =
		array_reserve(&ret->lines, &ret->capacity, block->count, sizeof(*ret->lines));
	if (err != NULL)
		return err;
	if (block->count > 0)
		memcpy(ret->lines, block->lines, block->count * sizeof(*ret->lines));
	ret->count = block->count;
	return addr_map_copy(&block->line_of_key, &ret->line_of_key);
}

struct error *line_book_copy(const struct line_book *book, struct line_book *ret)
{
	struct error *err = text_pool_copy(&book->names, &ret->names);

	if (err == NULL)
		err = text_pool_copy(&book->sources, &ret->sources);
	if (err == NULL)
		err = text_pool_copy(&book->texts, &ret->texts);
	if (err == NULL)
		err = addr_map_copy(&book->text_of_line, &ret->text_of_line);
	if (err == NULL)
		err = addr_map_copy(&book->block_of_key, &ret->block_of_key);
	if (err == NULL)
		err = array_reserve(&ret->blocks, &ret->capacity, book->count,
				    sizeof(*ret->blocks));
	for (size_t i = 0; err == NULL && i < book->count; i++) {
		ret->count = i + 1; /* what a deinit releases */
		err = copy_block(&book->blocks[i], &ret->blocks[i]);
	}
	return err;
}

static uint64_t key_of(int32_t high, uint32_t low)
{
	return (uint64_t)(uint32_t)high << 32 | low;
}

struct error *line_book_need_block(struct line_book *book, int32_t process, const char *name,
				   size_t *ret)
{
	int32_t number;
	struct error *err = text_pool_need(&book->names, name, &number);

	if (err != NULL)
		return err;
	const uint64_t key = key_of(process, (uint32_t)number);
	uintptr_t known = (uintptr_t)addr_map_get(&book->block_of_key, key);
	if (known == 0) {
		err = array_reserve(&book->blocks, &book->capacity, book->count + 1,
				    sizeof(*book->blocks));
		known = book->count + 1;
		if (err == NULL)
			err = addr_map_put(&book->block_of_key, key, (void *)known);
		if (err != NULL)
			return err;
		book->blocks[book->count++] =
			(struct line_block){ .name = number, .process = process };
	}
	*ret = known - 1;
	return NULL;
}

struct error *line_block_put(struct line_block *block, const struct line_figures *figures)
{
	const uint64_t key = key_of(figures->source, figures->line);
	uintptr_t known = (uintptr_t)addr_map_get(&block->line_of_key, key);

	if (known == 0) {
		struct error *err = array_reserve(&block->lines, &block->capacity, block->count + 1,
						  sizeof(*block->lines));
		known = block->count + 1;
		if (err == NULL)
			err = addr_map_put(&block->line_of_key, key, (void *)known);
		if (err != NULL)
			return err;
		block->count++;
	}
	block->lines[known - 1] = *figures;
	return NULL;
}

struct error *line_book_put_text(struct line_book *book, int32_t source, uint32_t line,
				 const char *text)
{
	int32_t number;
	struct error *err = text_pool_need(&book->texts, text, &number);

	if (err == NULL)
		err = addr_map_put(&book->text_of_line, key_of(source, line),
				   (void *)((uintptr_t)number + 1));
	return err ? err
		   : addr_map_put(&book->text_of_line, key_of(source, 0),
				  (void *)((uintptr_t)number + 1));
}

const char *line_book_text(const struct line_book *book, int32_t source, uint32_t line)
{
	uintptr_t known = (uintptr_t)addr_map_get(&book->text_of_line, key_of(source, line));

	return known == 0 ? NULL : book->texts.items[known - 1].text;
}
