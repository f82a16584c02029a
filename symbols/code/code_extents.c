/* The code of a file by its unwind information; see code_extents.h. Symbols layer. */
#include "symbols/code/code_extents.h"

#include <fcntl.h>
#include <unistd.h>

#include "symbols/file/symbol_file_private.h"
#include "tracer/base/log.h"

/* What the child sends first; extents and pads follow. */
struct extents_head {
	uint64_t count, pad_count, is_cut;
};

/* In a child. */
static struct error *read_in_child(void *context, FILE *out)
{
	const struct symbol_file *file = context;
	struct frame_table table;
	struct elf_place place;

	int fd = symbol_file_place(file, &place) ? open(place.path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return error_new(ERR_FAILED, "the file is gone");
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	struct error *err = frame_table_read(&table, elf, FRAMES_ALL);
	if (err == NULL) {
		const struct extents_head head = { table.count, table.pad_count, table.is_cut };
		fwrite(&head, sizeof(head), 1, out);
		if (table.count > 0)
			fwrite(table.extents, sizeof(*table.extents), table.count, out);
		if (table.pad_count > 0) /* else there may be no array */
			fwrite(table.pads, sizeof(*table.pads), table.pad_count, out);
	}
	frame_table_deinit(&table);
	elf_end(elf);
	close(fd);
	return err;
}

static bool extents_are_sound(const struct code_extents *extents, size_t pad_count)
{
	for (size_t i = 0; i < extents->count; i++) {
		const struct code_extent *extent = &extents->extents[i];
		if (extent->end <= extent->start || extent->first_pad > pad_count ||
		    extent->pad_count > pad_count - extent->first_pad)
			return false;
		if (i > 0 && extents->extents[i - 1].start > extent->start)
			return false;
	}
	return true;
}

static bool extents_receive(struct code_extents *extents)
{
	const struct isolated *sent = &extents->received;
	const struct extents_head *head = (const void *)sent->data;

	if (sent->bytes < sizeof(*head) || head->count > sent->bytes / sizeof(struct code_extent) ||
	    head->pad_count > sent->bytes / sizeof(uint64_t) ||
	    sent->bytes != sizeof(*head) + head->count * sizeof(struct code_extent) +
				   head->pad_count * sizeof(uint64_t))
		return false;
	extents->extents = (const void *)(head + 1);
	extents->count = head->count;
	extents->pads = (const void *)(extents->extents + head->count);
	extents->is_cut = head->is_cut != 0;
	return extents_are_sound(extents, head->pad_count);
}

struct error *symbol_file_read_extents(const struct symbol_file *file, struct code_extents *ret)
{
	static const struct isolate_limits limits = { .cpu_s = 10, .memory_bytes = 1ULL << 30 };

	*ret = (struct code_extents){ 0 };
	struct error *err = isolate_run(read_in_child, (void *)file, &limits, &ret->received);
	if (err == NULL && !extents_receive(ret))
		err = error_new(ERR_FORMAT, "it is damaged");
	if (err == NULL)
		return NULL;
	code_extents_deinit(ret);
	if (error_code(err) == ERR_MEMORY)
		return err;
	log_debug("the unwind information of %s cannot be used: %s", file->name,
		  error_message(err));
	error_free(err);
	return NULL;
}

void code_extents_deinit(struct code_extents *extents)
{
	isolated_deinit(&extents->received);
	*extents = (struct code_extents){ 0 };
}

size_t code_extents_from(const struct code_extents *extents, taddr_t address)
{
	size_t low = 0, high = extents->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (extents->extents[middle].start < address.value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct code_extent *code_extents_at(const struct code_extents *extents, taddr_t address)
{
	/* Extents do not overlap, but for the odd one of hand-written code. */
	enum { OVERLAPS_MAX = 4 };
	size_t i = code_extents_from(extents, taddr_add(address, 1));

	for (unsigned tries = 0; i > 0 && tries < OVERLAPS_MAX; tries++) {
		const struct code_extent *extent = &extents->extents[--i];
		if (address.value < extent->end)
			return extent;
	}
	return NULL;
}
