/* Finds the call frame information of an address; see frame_rules.h. Symbols layer. */
#include "symbols/unwind/frame_rules.h"

#include <elf.h>
#include <string.h>

#include "symbols/unwind/cfi_check.h"

enum { PROGRAM_HEADERS = 64 };

/* What the program headers of an ELF file in memory say. */
struct segments {
	Elf64_Phdr headers[PROGRAM_HEADERS];
	unsigned count;
};

static bool read_segments(struct memory_view *view, taddr_t header, struct segments *ret)
{
	Elf64_Ehdr file;

	if (!memory_view_read(view, header, &file, sizeof(file)) ||
	    memcmp(file.e_ident, ELFMAG, SELFMAG) != 0 || file.e_ident[EI_CLASS] != ELFCLASS64 ||
	    file.e_phentsize != sizeof(ret->headers[0]) || file.e_phnum > PROGRAM_HEADERS)
		return false;
	ret->count = file.e_phnum;
	return memory_view_read(view, taddr_add(header, file.e_phoff), ret->headers,
				ret->count * sizeof(ret->headers[0]));
}

/* Whether @address, before the load bias, is code. */
static bool segments_have_code(const struct segments *segments, uint64_t address)
{
	for (unsigned i = 0; i < segments->count; i++) {
		const Elf64_Phdr *segment = &segments->headers[i];
		if (segment->p_type == PT_LOAD && (segment->p_flags & PF_X) != 0 &&
		    address - segment->p_vaddr < segment->p_memsz)
			return true;
	}
	return false;
}

/*
 * Finds the load bias of the file that has code at @pc and its ELF header at @header. The header is
 * what some segment begins with: the first one, mostly, but in a small file several segments share
 * its first page, which then is mapped as often, and @header is one of these.
 */
static bool segments_find_bias(const struct segments *segments, taddr_t header, taddr_t pc,
			       uint64_t *ret)
{
	for (unsigned i = 0; i < segments->count; i++) {
		const Elf64_Phdr *segment = &segments->headers[i];
		*ret = header.value - (segment->p_vaddr & -(uint64_t)ELF_PAGE_BYTES);
		if (segment->p_type == PT_LOAD && segment->p_offset < ELF_PAGE_BYTES &&
		    segments_have_code(segments, pc.value - *ret))
			return true;
	}
	return false;
}

/* Finds the .eh_frame_hdr of the ELF file that has code at @pc and its ELF header at @header. */
static bool find_eh_frame_hdr(struct memory_view *view, taddr_t header, taddr_t pc, taddr_t *ret,
			      size_t *ret_bytes)
{
	struct segments segments;
	uint64_t bias;

	*ret_bytes = 0;
	if (!read_segments(view, header, &segments) ||
	    !segments_find_bias(&segments, header, pc, &bias))
		return false;
	for (unsigned i = 0; i < segments.count; i++) {
		if (segments.headers[i].p_type != PT_GNU_EH_FRAME)
			continue;
		*ret = taddr(segments.headers[i].p_vaddr + bias);
		*ret_bytes = segments.headers[i].p_memsz;
		return true;
	}
	return false;
}

/* LSB 5.0 core, 10.6.2. Only the table that all linkers write can be searched. */
static bool read_table(struct memory_view *view, taddr_t pc, struct frame_table *table)
{
	enum { VERSION = 1, TABLE_ENCODING = CFI_POINTER_DATA_RELATIVE | 0x0b /* sdata4 */ };
	unsigned char bytes[24]; /* four of encodings, two pointers at most */
	size_t length;

	if (!find_eh_frame_hdr(view, table->header, pc, &table->base, &length))
		return false;
	struct cfi_reader reader = {
		.data = bytes,
		.bytes = length < sizeof(bytes) ? length : sizeof(bytes),
		.address = table->base.value,
	};
	if (!memory_view_read(view, table->base, bytes, reader.bytes))
		return false;
	uint64_t version = cfi_read_number(&reader, 1);
	uint8_t frame_encoding = (uint8_t)cfi_read_number(&reader, 1);
	uint8_t count_encoding = (uint8_t)cfi_read_number(&reader, 1);
	uint64_t table_encoding = cfi_read_number(&reader, 1);
	cfi_skip(&reader, cfi_pointer_bytes(&reader, frame_encoding));
	table->count = cfi_read_pointer(&reader, count_encoding);
	table->entries = taddr_add(table->base, reader.at);
	return !reader.is_failed && version == VERSION && table_encoding == TABLE_ENCODING &&
	       table->count <= (length - reader.at) / FRAME_ENTRY_BYTES;
}

static const struct frame_table *frame_finder_table(struct frame_finder *finder, taddr_t header,
						    taddr_t pc)
{
	for (size_t i = 0; i < FRAME_TABLES && i < finder->tables_met; i++)
		if (taddr_equal(finder->tables[i].header, header))
			return &finder->tables[i];
	struct frame_table *table = &finder->tables[finder->tables_met++ % FRAME_TABLES];
	*table = (struct frame_table){ .header = header };
	if (!read_table(finder->view, pc, table))
		table->count = 0;
	return table;
}

/* Finds the last entry that begins at or below @pc; fills its part of @ret. */
static bool find_entry(struct memory_view *view, const struct frame_table *table, taddr_t pc,
		       struct frame_rules *ret, int32_t *ret_fde)
{
	int64_t wanted = (int64_t)(pc.value - table->base.value);
	uint64_t low = 0, high = table->count;
	int32_t entry[2];

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		taddr_t at = taddr_add(table->entries, middle * sizeof(entry));
		if (!memory_view_read(view, at, entry, sizeof(entry)))
			return false;
		if (wanted < entry[0]) {
			high = middle;
			continue;
		}
		low = middle + 1;
		ret->entry = (struct frame_piece){ at, sizeof(entry) };
		memcpy(ret->entry_data, entry, sizeof(entry));
		*ret_fde = entry[1];
	}
	ret->base = table->base;
	return low > 0 && wanted <= INT32_MAX && wanted >= INT32_MIN;
}

/* Copies a CIE or an FDE with its length word; at most @capacity bytes. */
static bool copy_record(struct memory_view *view, taddr_t at, unsigned char *data, size_t capacity,
			struct frame_piece *ret)
{
	uint32_t length;

	if (!memory_view_read(view, at, &length, sizeof(length)))
		return false;
	/* 0 ends .eh_frame; 0xffffffff announces 64-bit lengths, which nothing writes here. */
	if (length < sizeof(uint32_t) || length > capacity - sizeof(length))
		return false;
	*ret = (struct frame_piece){ at, sizeof(length) + length };
	return memory_view_read(view, at, data, ret->bytes);
}

static bool pieces_overlap(struct frame_piece a, struct frame_piece b)
{
	return a.address.value < b.address.value + b.bytes &&
	       b.address.value < a.address.value + a.bytes;
}

bool frame_finder_find(struct frame_finder *finder, taddr_t pc, struct frame_rules *ret)
{
	struct memory_view *view = finder->view;
	taddr_t header;
	int32_t fde_offset = 0;
	uint32_t cie_distance;

	if (!view->memory->find_elf(view->memory->context, pc, &header))
		return false;
	const struct frame_table *table = frame_finder_table(finder, header, pc);
	if (!find_entry(view, table, pc, ret, &fde_offset))
		return false;
	taddr_t fde = taddr_add(table->base, (uint64_t)(int64_t)fde_offset);
	if (!copy_record(view, fde, ret->fde_data, sizeof(ret->fde_data), &ret->fde))
		return false;
	/* The word behind the length says how far before itself the CIE begins; 0: is a CIE itself. */
	memcpy(&cie_distance, ret->fde_data + sizeof(uint32_t), sizeof(cie_distance));
	taddr_t cie =
		taddr(fde.value + sizeof(uint32_t) - (uint64_t)(int64_t)(int32_t)cie_distance);
	if (cie_distance == 0 ||
	    !copy_record(view, cie, ret->cie_data, sizeof(ret->cie_data), &ret->cie))
		return false;
	/* Else libunwind could be given, in one piece, bytes that were checked as another's. */
	if (pieces_overlap(ret->fde, ret->cie) || pieces_overlap(ret->entry, ret->fde) ||
	    pieces_overlap(ret->entry, ret->cie))
		return false;
	return cfi_check((struct cfi_reader){ ret->cie_data, ret->cie.bytes, 0, cie.value, false },
			 (struct cfi_reader){ ret->fde_data, ret->fde.bytes, 0, fde.value, false },
			 pc.value);
}

/* Copies what @piece has of the @bytes at @from to @to; returns how many bytes. */
static size_t piece_copy(struct frame_piece piece, const unsigned char *data, taddr_t from,
			 unsigned char *to, size_t bytes)
{
	size_t copied = 0;

	for (size_t i = 0; i < bytes; i++) {
		uint64_t offset = from.value + i - piece.address.value;
		if (offset >= piece.bytes)
			continue;
		to[i] = data[offset];
		copied++;
	}
	return copied;
}

bool frame_rules_read(const struct frame_rules *rules, struct memory_view *view, taddr_t from,
		      void *ret, size_t bytes)
{
	unsigned char *to = ret;

	/* Nearly all that libunwind reads lies wholly inside of one piece. */
	if (piece_copy(rules->fde, rules->fde_data, from, to, bytes) == bytes ||
	    piece_copy(rules->cie, rules->cie_data, from, to, bytes) == bytes)
		return true;
	if (!memory_view_read(view, from, to, bytes))
		return false;
	(void)piece_copy(rules->entry, rules->entry_data, from, to, bytes);
	(void)piece_copy(rules->fde, rules->fde_data, from, to, bytes);
	(void)piece_copy(rules->cie, rules->cie_data, from, to, bytes);
	return true;
}
