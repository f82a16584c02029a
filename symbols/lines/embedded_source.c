/* The header of a line table (DWARF 5, 6.2.4), for the texts in it; see embedded_source.h. Symbols layer. */
#include "symbols/lines/embedded_source.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <dwarf.h>

#include "symbols/elf/elf_sections.h"

/* LLVM's kind of content of an entry. */
enum { CONTENT_LLVM_SOURCE = 0x2001 };

struct bytes {
	const uint8_t *at, *end;
	bool is_failed; /* more was wanted than there is, or something unknown was met */
};

struct header {
	struct bytes bytes;
	struct bytes line_str, str; /* sections */
	unsigned offset_bytes;	    /* 4 or 8 */
};

/* What is not there is no null pointer, which must not be moved. */
static const uint8_t nothing[1];

static struct bytes section_of(Elf *elf, const char *wanted)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	const char *name;

	while ((name = elf_section_next(elf, &section, &header)) != NULL) {
		Elf_Data *data = strcmp(name, wanted) == 0 && header.sh_type != SHT_NOBITS
					 ? elf_getdata(section, NULL)
					 : NULL;
		if (data != NULL && data->d_buf != NULL)
			return (struct bytes){ data->d_buf,
					       (const uint8_t *)data->d_buf + data->d_size, false };
	}
	return (struct bytes){ nothing, nothing, true };
}

static void skip(struct bytes *bytes, uint64_t count)
{
	if (count > (uint64_t)(bytes->end - bytes->at)) {
		bytes->is_failed = true;
		bytes->at = bytes->end;
		return;
	}
	bytes->at += count;
}

static uint64_t take_number(struct bytes *bytes, unsigned count)
{
	const uint8_t *at = bytes->at;
	uint64_t number = 0;

	skip(bytes, count);
	for (unsigned i = 0; i < count && !bytes->is_failed; i++)
		number |= (uint64_t)at[i] << 8 * i;
	return number;
}

static uint64_t take_uleb(struct bytes *bytes)
{
	uint64_t number = 0;

	for (unsigned shift = 0; !bytes->is_failed; shift += 7) {
		uint64_t byte = take_number(bytes, 1);
		if (shift < 64)
			number |= (byte & 0x7f) << shift;
		if ((byte & 0x80) == 0)
			break;
	}
	return number;
}

/* The text at @offset of a section; NULL: there is none that ends there. */
static const char *text_at(const struct bytes *section, uint64_t offset)
{
	if (section->is_failed || offset >= (uint64_t)(section->end - section->at))
		return NULL;
	const uint8_t *text = section->at + offset;
	return memchr(text, '\0', (size_t)(section->end - text)) != NULL ? (const char *)text
									 : NULL;
}

/* Takes one value; its text, if it has one. */
static const char *take_value(struct header *header, uint64_t form)
{
	struct bytes *bytes = &header->bytes;
	const char *text = NULL;

	switch (form) {
	case DW_FORM_string:
		text = text_at(bytes, 0);
		skip(bytes, text != NULL ? strlen(text) + 1 : UINT64_MAX);
		break;
	case DW_FORM_line_strp:
		text = text_at(&header->line_str, take_number(bytes, header->offset_bytes));
		break;
	case DW_FORM_strp:
		text = text_at(&header->str, take_number(bytes, header->offset_bytes));
		break;
	case DW_FORM_data1:
	case DW_FORM_strx1:
		skip(bytes, 1);
		break;
	case DW_FORM_data2:
	case DW_FORM_strx2:
		skip(bytes, 2);
		break;
	case DW_FORM_data4:
	case DW_FORM_strx4:
		skip(bytes, 4);
		break;
	case DW_FORM_data8:
		skip(bytes, 8);
		break;
	case DW_FORM_data16:
		skip(bytes, 16);
		break;
	case DW_FORM_udata:
	case DW_FORM_strx:
		take_uleb(bytes);
		break;
	case DW_FORM_block:
		skip(bytes, take_uleb(bytes));
		break;
	default:
		bytes->is_failed = true;
	}
	return text;
}

/* Of an entry of a table: which contents, and how they are written. */
struct entry_format {
	uint64_t contents[UINT8_MAX], forms[UINT8_MAX];
	unsigned count;
};

/* *@ret_entries: how many follow, each with a byte at least. */
static void take_format(struct bytes *bytes, struct entry_format *ret, uint64_t *ret_entries)
{
	ret->count = (unsigned)take_number(bytes, 1);
	for (unsigned i = 0; i < ret->count; i++) {
		ret->contents[i] = take_uleb(bytes);
		ret->forms[i] = take_uleb(bytes);
	}
	*ret_entries = take_uleb(bytes);
	if (*ret_entries > (uint64_t)(bytes->end - bytes->at) || ret->count == 0)
		bytes->is_failed |= *ret_entries > 0;
}

/* Takes what is in front of the tables; false: it is no table of DWARF 5. */
static bool take_start(struct bytes *bytes, unsigned *ret_offset_bytes)
{
	enum { FIXED_BYTES = 5 }; /* of instructions, operations, statements, line base and range */
	uint64_t length = take_number(bytes, 4);

	*ret_offset_bytes = length == 0xffffffff ? 8 : 4;
	if (*ret_offset_bytes == 8)
		length = take_number(bytes, 8);
	if (bytes->is_failed || length > (uint64_t)(bytes->end - bytes->at))
		return false;
	bytes->end = bytes->at + length;
	if (take_number(bytes, 2) != 5)
		return false;
	skip(bytes, 2); /* the sizes of addresses and segments */
	skip(bytes, *ret_offset_bytes);
	skip(bytes, FIXED_BYTES);
	uint64_t opcode_base = take_number(bytes, 1);
	skip(bytes, opcode_base > 0 ? opcode_base - 1 : 0);
	return !bytes->is_failed;
}

static struct error *take_files(struct header *header, struct embedded_sources *ret)
{
	struct entry_format format;
	uint64_t entries;

	take_format(&header->bytes, &format, &entries); /* directories */
	for (uint64_t i = 0; i < entries && !header->bytes.is_failed; i++) {
		for (unsigned f = 0; f < format.count; f++)
			take_value(header, format.forms[f]);
	}
	take_format(&header->bytes, &format, &entries);
	if (header->bytes.is_failed)
		return NULL;
	ret->of_file = calloc(entries + 1, sizeof(*ret->of_file));
	if (ret->of_file == NULL)
		return error_no_memory();
	for (; ret->count < entries && !header->bytes.is_failed; ret->count++) {
		for (unsigned f = 0; f < format.count; f++) {
			const char *text = take_value(header, format.forms[f]);
			if (format.contents[f] == CONTENT_LLVM_SOURCE && text != NULL &&
			    text[0] != '\0')
				ret->of_file[ret->count].text = text;
		}
	}
	return NULL;
}

struct error *embedded_sources_read(Dwarf *dwarf, Dwarf_Die *unit, struct embedded_sources *ret)
{
	Elf *elf = dwarf_getelf(dwarf);
	struct header header = { .bytes = section_of(elf, ".debug_line") };
	Dwarf_Attribute attribute;
	Dwarf_Word offset;

	*ret = (struct embedded_sources){ 0 };
	if (dwarf_attr(unit, DW_AT_stmt_list, &attribute) == NULL ||
	    dwarf_formudata(&attribute, &offset) != 0)
		return NULL;
	skip(&header.bytes, offset);
	if (!take_start(&header.bytes, &header.offset_bytes))
		return NULL;
	header.line_str = section_of(elf, ".debug_line_str");
	header.str = section_of(elf, ".debug_str");
	return take_files(&header, ret);
}
