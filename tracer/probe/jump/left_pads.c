/* What pads leave in a program; see left_pads.h. Probe layer. */
#include "tracer/probe/jump/left_pads.h"

#include <stddef.h>
#include <string.h>

#include "tracer/arch/pad.h"
#include "tracer/probe/jump/pad_memory.h"

static const char mark[12] = "mprof-trace";

/* In the tables; and in each ring. They stand in programs' memory, for a later mprof-trace. */
struct area_note {
	char mark[12];
	int32_t statm_fd; /* -1: none */
	uint64_t statm_device, statm_inode;
	uint64_t bytes;
	uint64_t first_ring; /* its address; 0: there is none */
};
struct ring_note {
	char mark[12];
	uint32_t unused;
	uint64_t bytes;
	uint64_t next_ring;
};
_Static_assert(sizeof(struct area_note) <= sizeof(((struct arch_pad_data *)0)->reserved),
	       "the note of the tables is too large");
_Static_assert(sizeof(struct ring_note) <= sizeof(((struct arch_pad_ring *)0)->reserved),
	       "the note of a ring is too large");

static taddr_t ring_note_at(taddr_t ring)
{
	return taddr_add(ring, offsetof(struct arch_pad_ring, reserved));
}

static struct error *note_ring(const struct image *image, size_t index)
{
	const struct pad_area *pads = &image->pads;
	struct ring_note note = {
		.bytes = ring_bytes(pads->rings[index]->slots),
		.next_ring = index == 0 ? 0 : pads->rings[index - 1]->start.value,
	};

	memcpy(note.mark, mark, sizeof(mark));
	return address_space_write(image->space, ring_note_at(pads->rings[index]->start), &note,
				   sizeof(note));
}

struct error *left_pads_note(struct image *image)
{
	struct pad_area *pads = &image->pads;
	struct error *err = NULL;

	if (pads->data.value == 0 || (pads->is_noted && pads->noted_rings == pads->ring_count))
		return NULL;
	for (size_t i = pads->noted_rings; err == NULL && i < pads->ring_count; i++)
		err = note_ring(image, i);
	struct area_note note = {
		.statm_fd = pads->is_statm_inherited ? -1 : pads->statm_fd,
		.statm_device = pads->statm_device,
		.statm_inode = pads->statm_inode,
		.bytes = pad_area_bytes(),
		.first_ring =
			pads->ring_count == 0 ? 0 : pads->rings[pads->ring_count - 1]->start.value,
	};
	memcpy(note.mark, mark, sizeof(mark));
	if (err == NULL)
		err = address_space_write(
			image->space,
			taddr_add(pads->data, offsetof(struct arch_pad_data, reserved)), &note,
			sizeof(note));
	pads->is_noted = err == NULL;
	pads->noted_rings = pads->ring_count;
	return err;
}

/* Data of ours, as far as the program has left its notes alone. */
static struct error *add_left(struct image *image, taddr_t start, uint64_t bytes, bool was_in_use)
{
	static const uint64_t BYTES_MAX = UINT64_C(64) << 20;
	struct injected_mapping *mapping;

	if (start.value % ARCH_PAGE_BYTES != 0 || bytes % ARCH_PAGE_BYTES != 0 || bytes > BYTES_MAX)
		return NULL;
	struct error *err =
		injected_add(&image->injected, INJECTED_LEFT_DATA, start, bytes, &mapping);
	if (err != NULL)
		return err;
	mapping->used_bytes = 0;
	mapping->is_mapped = true;
	mapping->is_left = true;
	mapping->was_in_use = was_in_use;
	return NULL;
}

static struct error *adopt_rings(struct image *image, taddr_t first, bool was_in_use)
{
	struct ring_note note;
	struct error *err = NULL;
	taddr_t at = first;

	/* That each is met once makes an end. */
	while (err == NULL && at.value != 0 && injected_at(&image->injected, at) == NULL &&
	       address_space_read_some(image->space, ring_note_at(at), &note, sizeof(note)) ==
		       sizeof(note) &&
	       memcmp(note.mark, mark, sizeof(mark)) == 0) {
		err = add_left(image, at, note.bytes, was_in_use);
		if (injected_at(&image->injected, at) == NULL)
			break;
		at = taddr(note.next_ring);
	}
	return err;
}

static struct error *adopt_area(struct image *image, taddr_t data, bool was_in_use)
{
	const taddr_t note_at = taddr_add(data, offsetof(struct arch_pad_data, reserved));
	struct area_note note;

	if (data.value == 0 || injected_at(&image->injected, data) != NULL ||
	    address_space_read_some(image->space, note_at, &note, sizeof(note)) != sizeof(note) ||
	    memcmp(note.mark, mark, sizeof(mark)) != 0)
		return NULL;
	struct error *err = add_left(image, data, note.bytes, was_in_use);
	if (err == NULL)
		err = adopt_rings(image, taddr(note.first_ring), was_in_use);
	if (err == NULL && note.statm_fd >= 0)
		pad_memory_adopt(image, note.statm_fd, note.statm_device, note.statm_inode);
	return err;
}

struct error *left_pads_adopt(struct image *image)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < image->injected.count; i++) {
		const struct injected_mapping *mapping = &image->injected.mappings[i];
		const bool was_in_use = mapping->was_in_use;
		if (mapping->kind == INJECTED_PADS)
			err = adopt_area(image, injected_pad_data(&image->injected, mapping),
					 was_in_use);
	}
	return err;
}
