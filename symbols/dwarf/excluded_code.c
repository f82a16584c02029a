/* Code that must stay as it is; see excluded_code.h. Symbols layer. */
#include "symbols/dwarf/excluded_code.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/dwarf/frame_table.h"
#include "symbols/elf/elf_sections.h"
#include "tracer/base/array.h"
#include "tracer/base/machine.h"

/* struct rseq_cs of <linux/rseq.h>. */
struct sequence {
	uint32_t version, flags;
	uint64_t start, post_commit_bytes, abort;
};

enum { SIGNATURE_BYTES = 4 }; /* in front of where it aborts */

struct error *excluded_code_add(struct excluded_code *excluded, uint64_t start, uint64_t end,
				enum code_exclusion why)
{
	if (end <= start)
		return NULL;
	struct error *err = array_reserve(&excluded->ranges, &excluded->capacity,
					  excluded->count + 1, sizeof(*excluded->ranges));
	if (err == NULL)
		excluded->ranges[excluded->count++] =
			(struct excluded_range){ start, end, (uint64_t)why };
	return err;
}

void excluded_code_deinit(struct excluded_code *excluded)
{
	free(excluded->ranges);
	*excluded = (struct excluded_code){ 0 };
}

/* Up to @bytes of the data at @address, as the linker left them. */
static size_t read_data(Elf *elf, uint64_t address, void *ret, size_t bytes)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		if (gelf_getshdr(section, &header) == NULL || header.sh_type == SHT_NOBITS ||
		    !(header.sh_flags & SHF_ALLOC) || address - header.sh_addr >= header.sh_size)
			continue;
		const Elf_Data *data = elf_rawdata(section, NULL);
		const uint64_t at = address - header.sh_addr;
		if (data == NULL || data->d_buf == NULL || at >= data->d_size)
			return 0;
		if (bytes > data->d_size - at)
			bytes = data->d_size - at;
		memcpy(ret, (const char *)data->d_buf + at, bytes);
		return bytes;
	}
	return 0;
}

/* Some linkers leave to the relocation what comes to a word. */
static void relocate(Elf *elf, uint64_t address, uint64_t *words, size_t count)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	GElf_Rela rela;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_RELA ||
		    !(header.sh_flags & SHF_ALLOC))
			continue;
		Elf_Data *data = elf_getdata(section, NULL);
		for (int i = 0; data != NULL && gelf_getrela(data, i, &rela) != NULL; i++) {
			const uint64_t at = rela.r_offset - address;
			if (GELF_R_TYPE(rela.r_info) == MACHINE_RELOC_RELATIVE &&
			    at / sizeof(*words) < count && at % sizeof(*words) == 0)
				words[at / sizeof(*words)] = (uint64_t)rela.r_addend;
		}
	}
}

static struct error *add_sequences(struct excluded_code *excluded, const void *data, size_t bytes)
{
	struct error *err = NULL;
	struct sequence cs;

	for (size_t at = 0; err == NULL && at + sizeof(cs) <= bytes; at += sizeof(cs)) {
		memcpy(&cs, (const char *)data + at, sizeof(cs));
		if (cs.abort < SIGNATURE_BYTES || cs.start + cs.post_commit_bytes < cs.start)
			continue;
		err = excluded_code_add(excluded, cs.start, cs.start + cs.post_commit_bytes,
					CODE_OF_RSEQ);
		if (err == NULL)
			err = excluded_code_add(excluded, cs.abort - SIGNATURE_BYTES, cs.abort + 1,
						CODE_OF_RSEQ);
	}
	return err;
}

/* The section's words with their relocations; NULL: none, or no memory. Owned. */
static uint64_t *section_words(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, size_t *ret)
{
	const Elf_Data *data = elf_rawdata(section, NULL);

	*ret = data == NULL || data->d_buf == NULL ? 0 : data->d_size / sizeof(uint64_t);
	uint64_t *words = *ret == 0 ? NULL : malloc(*ret * sizeof(*words));
	if (words == NULL)
		return NULL;
	memcpy(words, data->d_buf, *ret * sizeof(*words));
	relocate(elf, header->sh_addr, words, *ret);
	return words;
}

static struct error *add_pointed(struct excluded_code *excluded, Elf *elf, const uint64_t *pointers,
				 size_t count)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < count; i++) {
		uint64_t words[sizeof(struct sequence) / sizeof(uint64_t)];
		if (read_data(elf, pointers[i], words, sizeof(words)) != sizeof(words))
			continue;
		relocate(elf, pointers[i], words, sizeof(words) / sizeof(*words));
		err = add_sequences(excluded, words, sizeof(words));
	}
	return err;
}

static struct error *add_rseq(struct excluded_code *excluded, Elf *elf)
{
	Elf_Scn *section = NULL;
	struct error *err = NULL;
	GElf_Shdr header;
	const char *name;

	while (err == NULL && (name = elf_section_next(elf, &section, &header)) != NULL) {
		const bool is_array = strcmp(name, "__rseq_cs_ptr_array") == 0;
		size_t count;

		if (!(header.sh_flags & SHF_ALLOC) || (!is_array && strcmp(name, "__rseq_cs") != 0))
			continue;
		uint64_t *words = section_words(elf, section, &header, &count);
		if (words != NULL)
			err = is_array ? add_pointed(excluded, elf, words, count)
				       : add_sequences(excluded, words, count * sizeof(*words));
		free(words);
	}
	return err;
}

static struct error *add_signal_frames(struct excluded_code *excluded, Elf *elf)
{
	struct frame_table frames;
	struct error *err = frame_table_read(&frames, elf, FRAMES_OF_SIGNALS);

	for (size_t i = 0; err == NULL && i < frames.count; i++)
		err = excluded_code_add(excluded, frames.extents[i].start, frames.extents[i].end,
					CODE_OF_SIGNAL_FRAME);
	frame_table_deinit(&frames);
	return err;
}

/* Of Mono: all of its stubs in the file; each of them is a function, too. */
static const char LINKED_STUBS[] = "mono_aot_?*_plt";

static struct error *add_linked_stubs(struct excluded_code *excluded, Elf *elf)
{
	Elf_Scn *section = NULL;
	struct error *err = NULL;
	GElf_Shdr header;
	GElf_Sym symbol;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_SYMTAB)
			continue;
		Elf_Data *data = elf_getdata(section, NULL);
		for (int i = 0;
		     err == NULL && data != NULL && gelf_getsym(data, i, &symbol) != NULL; i++) {
			if (GELF_ST_TYPE(symbol.st_info) != STT_NOTYPE || symbol.st_size == 0)
				continue;
			const char *name = elf_strptr(elf, header.sh_link, symbol.st_name);
			if (name != NULL && fnmatch(LINKED_STUBS, name, 0) == 0)
				err = excluded_code_add(excluded, symbol.st_value,
							symbol.st_value + symbol.st_size,
							CODE_OF_LINKED_STUBS);
		}
	}
	return err;
}

struct error *excluded_code_read(struct excluded_code *excluded, Elf *elf)
{
	struct error *err = add_rseq(excluded, elf);

	if (err == NULL)
		err = add_linked_stubs(excluded, elf);
	return err != NULL ? err : add_signal_frames(excluded, elf);
}
