/* A small cache of the program's memory; see memory_view.h. Symbols layer. */
#include "symbols/unwind/memory_view.h"

#include <string.h>

void memory_view_init(struct memory_view *view, const struct unwind_memory *memory)
{
	view->memory = memory;
	for (size_t i = 0; i < MEMORY_BLOCKS; i++)
		view->blocks[i].is_used = false;
}

static const struct memory_block *memory_view_block(struct memory_view *view, uint64_t number)
{
	struct memory_block *block = &view->blocks[number % MEMORY_BLOCKS];

	if (block->is_used && block->number == number)
		return block;
	block->is_used = true;
	block->number = number;
	block->bytes = view->memory->read(view->memory->context, taddr(number * MEMORY_BLOCK_BYTES),
					  block->data, MEMORY_BLOCK_BYTES);
	if (block->bytes > MEMORY_BLOCK_BYTES)
		block->bytes = MEMORY_BLOCK_BYTES;
	return block;
}

bool memory_view_read(struct memory_view *view, taddr_t from, void *ret, size_t bytes)
{
	unsigned char *to = ret;

	if (bytes > UINT64_MAX - from.value)
		return false;
	for (size_t done = 0; done < bytes;) {
		uint64_t at = from.value + done;
		size_t offset = at % MEMORY_BLOCK_BYTES;
		const struct memory_block *block = memory_view_block(view, at / MEMORY_BLOCK_BYTES);
		if (block->bytes <= offset)
			return false;
		size_t part = block->bytes - offset;
		if (part > bytes - done)
			part = bytes - done;
		memcpy(to + done, block->data + offset, part);
		done += part;
		/* A block that is short has nothing behind its readable part. */
		if (done < bytes && block->bytes < MEMORY_BLOCK_BYTES)
			return false;
	}
	return true;
}
