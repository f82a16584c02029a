/* A file's functions by its unwind information; see frame_table.h. Symbols layer. */
#include "symbols/dwarf/frame_table.h"

#include <stdlib.h>
#include <string.h>

#include "symbols/dwarf/landing_pads.h"
#include "symbols/elf/elf_sections.h"
#include "tracer/base/array.h"

/* What a CIE says of its FDEs (LSB 5.0 core, 10.6.1.1). */
struct cie {
	uint8_t pointer_encoding, lsda_encoding;
	bool has_data, is_signal_frame;
};

enum { DATA_SECTIONS_MAX = 64 };

struct walk {
	struct frame_table *table;
	enum frame_table_scope scope;
	struct cfi_reader frames;		   /* .eh_frame */
	struct cfi_reader data[DATA_SECTIONS_MAX]; /* where exception tables may be */
	size_t data_count;
	struct cie cie; /* the one read last … */
	size_t cie_at;	/* … and where it is */
};

static void read_augmentation(struct cie *cie, struct cfi_reader *reader, const char *letters)
{
	(void)cfi_read_uleb128(reader); /* its size */
	for (; *letters != '\0' && !reader->is_failed; letters++) {
		switch (*letters) {
		case 'L':
			cie->lsda_encoding = (uint8_t)cfi_read_number(reader, 1);
			break;
		case 'R':
			cie->pointer_encoding = (uint8_t)cfi_read_number(reader, 1);
			break;
		case 'P': {
			uint8_t encoding = (uint8_t)cfi_read_number(reader, 1);
			cfi_skip(reader, cfi_pointer_bytes(reader, encoding));
			break;
		}
		case 'S':
			cie->is_signal_frame = true;
			break;
		default:
			reader->is_failed = true;
		}
	}
}

/* The CIE at the offset @at of the section; false: it is not understood. */
static bool read_cie(struct walk *walk, size_t at)
{
	char letters[16];
	size_t count = 0;
	struct cfi_reader reader = walk->frames;

	if (walk->cie_at == at)
		return true;
	if (at >= reader.bytes)
		return false;
	walk->cie = (struct cie){ .lsda_encoding = CFI_POINTER_OMITTED };
	walk->cie_at = SIZE_MAX;
	reader.at = at;
	(void)cfi_read_number(&reader, 4);
	if (cfi_read_number(&reader, 4) != 0)
		return false;
	uint64_t version = cfi_read_number(&reader, 1);
	while (count < sizeof(letters) &&
	       (letters[count] = (char)cfi_read_number(&reader, 1)) != '\0')
		count++;
	if (count == sizeof(letters) || (version != 1 && version != 3))
		return false;
	(void)cfi_read_uleb128(&reader); /* code alignment */
	(void)cfi_read_uleb128(&reader); /* data alignment */
	if (version == 1)
		cfi_skip(&reader, 1); /* the return address's column */
	else
		(void)cfi_read_uleb128(&reader);
	walk->cie.has_data = letters[0] == 'z';
	if (walk->cie.has_data)
		read_augmentation(&walk->cie, &reader, letters + 1);
	else if (count > 0)
		return false;
	walk->cie_at = at;
	return !reader.is_failed;
}

static struct error *add_pad(void *context, uint64_t address)
{
	struct frame_table *table = context;
	struct error *err = array_reserve(&table->pads, &table->pad_capacity, table->pad_count + 1,
					  sizeof(*table->pads));
	if (err == NULL)
		table->pads[table->pad_count++] = address;
	return err;
}

static struct error *read_pads(struct walk *walk, struct code_extent *extent, uint64_t lsda)
{
	bool is_known = false;
	struct error *err = NULL;

	extent->first_pad = (uint32_t)walk->table->pad_count;
	for (size_t i = 0; i < walk->data_count; i++) {
		struct cfi_reader reader = walk->data[i];
		if (lsda - reader.address >= reader.bytes)
			continue;
		reader.at = lsda - reader.address;
		err = landing_pads_walk(reader, extent->start, add_pad, walk->table, &is_known);
		break;
	}
	extent->pad_count = (uint32_t)walk->table->pad_count - extent->first_pad;
	extent->has_unknown_pads = !is_known;
	return err;
}

/* @fde stands behind the pointer to its CIE. */
static struct error *read_fde(struct walk *walk, struct cfi_reader *fde)
{
	const struct cie *cie = &walk->cie;
	struct frame_table *table = walk->table;
	uint64_t lsda = 0;

	if (walk->scope == FRAMES_OF_SIGNALS && !cie->is_signal_frame)
		return NULL;
	uint64_t start = cfi_read_pointer(fde, cie->pointer_encoding);
	uint64_t bytes = cfi_read_number(fde, cfi_pointer_bytes(fde, cie->pointer_encoding));
	struct code_extent extent = { .start = start,
				      .end = start + bytes,
				      .is_signal_frame = cie->is_signal_frame };
	if (fde->is_failed || extent.end <= extent.start)
		return NULL; /* the linker has thrown that function away */
	if (cie->has_data) {
		(void)cfi_read_uleb128(fde);
		if (cie->lsda_encoding != CFI_POINTER_OMITTED)
			lsda = cfi_read_pointer(fde, cie->lsda_encoding);
		extent.has_unknown_pads = fde->is_failed;
	}
	struct error *err =
		lsda != 0 && walk->scope == FRAMES_ALL ? read_pads(walk, &extent, lsda) : NULL;
	if (err == NULL)
		err = array_reserve(&table->extents, &table->capacity, table->count + 1,
				    sizeof(*table->extents));
	if (err == NULL)
		table->extents[table->count++] = extent;
	return err;
}

static struct error *read_records(struct walk *walk)
{
	enum { LENGTH_BYTES = 4, LENGTH_IS_64 = 0xffffffff };
	struct cfi_reader *frames = &walk->frames;
	struct error *err = NULL;

	while (err == NULL && frames->bytes - frames->at >= LENGTH_BYTES) {
		uint64_t bytes = cfi_read_number(frames, LENGTH_BYTES);
		/* A terminator (crtend.o) may stand in front of more, when a linker has merged files. */
		if (bytes == 0)
			continue;
		if (bytes == LENGTH_IS_64 || bytes < 4 || bytes > frames->bytes - frames->at) {
			walk->table->is_cut = true;
			break;
		}
		struct cfi_reader record = *frames;
		record.bytes = frames->at + bytes;
		size_t id_at = record.at;
		uint64_t id = cfi_read_number(&record, 4);
		cfi_skip(frames, bytes);
		if (id == 0)
			continue;
		if (id > id_at || !read_cie(walk, id_at - id))
			walk->table->is_cut = true;
		else
			err = read_fde(walk, &record);
	}
	return err;
}

static bool section_reader(Elf_Scn *section, const GElf_Shdr *header, struct cfi_reader *ret)
{
	const Elf_Data *data = elf_rawdata(section, NULL);

	if (data == NULL || data->d_buf == NULL)
		return false;
	*ret = (struct cfi_reader){ .data = data->d_buf,
				    .bytes = data->d_size,
				    .address = header->sh_addr };
	return true;
}

static int extent_compare(const void *left, const void *right)
{
	const struct code_extent *a = left, *b = right;

	return (a->start > b->start) - (a->start < b->start);
}

struct error *frame_table_read(struct frame_table *table, Elf *elf, enum frame_table_scope scope)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	Elf_Scn *section = NULL;
	struct error *err = NULL;
	GElf_Shdr header;
	const char *name;

	*table = (struct frame_table){ 0 };
	if (walk == NULL)
		return error_no_memory();
	walk->table = table;
	walk->scope = scope;
	walk->cie_at = SIZE_MAX;
	while ((name = elf_section_next(elf, &section, &header)) != NULL) {
		if (!(header.sh_flags & SHF_ALLOC) || header.sh_type == SHT_NOBITS)
			continue;
		if (strcmp(name, ".eh_frame") == 0)
			(void)section_reader(section, &header, &walk->frames);
		else if (strncmp(name, ".gcc_except_table", strlen(".gcc_except_table")) == 0 &&
			 walk->data_count < DATA_SECTIONS_MAX)
			walk->data_count +=
				section_reader(section, &header, &walk->data[walk->data_count]);
	}
	if (walk->frames.data != NULL)
		err = read_records(walk);
	if (err == NULL && table->count > 0)
		qsort(table->extents, table->count, sizeof(*table->extents), extent_compare);
	free(walk);
	return err;
}

void frame_table_deinit(struct frame_table *table)
{
	free(table->extents);
	free(table->pads);
	*table = (struct frame_table){ 0 };
}
