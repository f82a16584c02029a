/* Functions that no symbol names; see dwarf_unnamed.h. Symbols layer. */
#include "symbols/dwarf/dwarf_unnamed.h"

#include <elfutils/libdw.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/dwarf/dwarf_function_private.h"
#include "symbols/elf/elf_sections.h"
#include "symbols/elf/plt_sections.h"
#include "symbols/unwind/cfi_check.h"

/* The sections that matter here, and libdw's view of the first. */
struct unwind_sections {
	struct cfi_reader eh_frame; /* all of it; no data: there is none */
	struct plt_sections plts;
	Dwarf_CFI *cfi;
};

static void unwind_sections_add(struct unwind_sections *sections, Elf_Scn *section,
				const GElf_Shdr *header, const char *name)
{
	Elf_Data *data = strcmp(name, ".eh_frame") == 0 && header->sh_type != SHT_NOBITS
				 ? elf_rawdata(section, NULL)
				 : NULL;
	if (data != NULL && data->d_buf != NULL)
		sections->eh_frame = (struct cfi_reader){
			.data = data->d_buf,
			.bytes = data->d_size,
			.address = header->sh_addr,
		};
}

static void unwind_sections_init(struct unwind_sections *sections, Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	const char *name;

	*sections = (struct unwind_sections){ .cfi = dwarf_getcfi_elf(elf) };
	plt_sections_find(&sections->plts, elf);
	while ((name = elf_section_next(elf, &section, &header)) != NULL)
		unwind_sections_add(sections, section, &header, name);
}

/* The CIE or FDE at @offset, with its length word; false: there is none, or no sound one. */
static bool record_at(const struct unwind_sections *sections, uint64_t offset,
		      struct cfi_reader *ret)
{
	const struct cfi_reader *all = &sections->eh_frame;

	if (all->data == NULL || offset > all->bytes)
		return false;
	*ret = (struct cfi_reader){
		.data = all->data + offset,
		.bytes = all->bytes - offset,
		.address = all->address + offset,
	};
	uint64_t length = cfi_read_number(ret, 4);
	if (ret->is_failed || length < 4 || length > ret->bytes - 4)
		return false;
	ret->bytes = 4 + length;
	ret->at = 0;
	return true;
}

/* Whether code that was called begins there: the CFA is above nothing but the return address. */
static bool is_entry(const struct unwind_sections *sections, uint64_t address)
{
	enum { DWARF_RSP = 7, DWARF_RA = 16 }; /* psABI, figure 3.36 */
	Dwarf_Op memory[3], *operations;
	struct cfa_rule cfa;
	Dwarf_Frame *frame;
	size_t count;

	if (sections->cfi == NULL || dwarf_cfi_addrframe(sections->cfi, address, &frame) != 0)
		return false;
	bool is_cfa = cfa_rule_of_frame(frame, &cfa) && cfa.dwarf_register == DWARF_RSP &&
		      cfa.offset_bytes == 8;
	/* Without a rule for it there is no caller: _start. */
	bool has_caller = is_cfa &&
			  dwarf_frame_register(frame, DWARF_RA, memory, &operations, &count) == 0 &&
			  count > 0;
	free(frame);
	return has_caller;
}

static struct error *add_function(struct elf_symbols *symbols, uint64_t start, uint64_t bytes)
{
	enum { LAST_RANK = UINT8_MAX };
	char *name = NULL;
	int name_bytes = asprintf(&name, "%#lx", (unsigned long)start);

	if (name_bytes < 0)
		return error_no_memory();
	struct error *err = elf_symbols_keep_made(symbols, name);
	const struct elf_symbol symbol = {
		.address = start,
		.size_bytes = bytes,
		.name = name,
		.name_bytes = (uint32_t)name_bytes,
		.rank = LAST_RANK,
		.is_label = true,
		.is_unnamed = true,
	};
	return err ? err : elf_symbols_append(symbols, &symbol);
}

struct error *unnamed_functions_add(struct elf_symbols *symbols, Elf *elf)
{
	struct unwind_sections sections;
	struct cfi_reader record, cie;
	struct error *err = NULL;

	unwind_sections_init(&sections, elf);
	for (uint64_t offset = 0; err == NULL && record_at(&sections, offset, &record);
	     offset += record.bytes) {
		struct cfi_reader reader = record;
		uint64_t start, bytes;
		cfi_skip(&reader, 4);
		/* How far before itself the CIE begins; 0: it is one. */
		uint64_t distance = cfi_read_number(&reader, 4);
		if (distance == 0 || distance > offset + 4 ||
		    !record_at(&sections, offset + 4 - distance, &cie) ||
		    !cfi_extent(cie, record, &start, &bytes))
			continue;
		if (bytes > 0 && !plt_sections_hold(&sections.plts, start) &&
		    is_entry(&sections, start))
			err = add_function(symbols, start, bytes);
	}
	dwarf_cfi_end(sections.cfi);
	return err;
}
