/* The functions of a Go program; see go_table.h. Symbols layer. */
#include "symbols/elf/go_table.h"

#include <string.h>

#include "symbols/elf/elf_sections.h"
#include "tracer/base/machine.h"

/*
 * The header that the linker writes (runtime/symtab.go, pcHeader): a magic number, two bytes of 0, the
 * instruction quantum, the size of a pointer, then words.
 */
enum go_word {
	WORD_FUNCTIONS = 1, /* in units of 8 bytes */
	WORD_TEXT = 3,	    /* since Go 1.18 */
	WORD_NAMES = 4,	    /* offsets; before Go 1.18 one word earlier */
	WORD_TABLE = 8,
	HEADER_BYTES = 72,
};
static const uint32_t MAGIC_1_16 = 0xfffffffa;
static const uint32_t MAGIC_1_18 = 0xfffffff0;
static const uint32_t MAGIC_1_20 = 0xfffffff1;

static bool read_number(const struct go_table *table, uint64_t at, unsigned bytes, uint64_t *ret)
{
	*ret = 0;
	if (at > table->bytes || table->bytes - at < bytes)
		return false;
	memcpy(ret, table->data + at, bytes);
	return true;
}

static uint64_t header_word(const struct go_table *table, unsigned number)
{
	uint64_t word;

	return read_number(table, 8 * (uint64_t)number, sizeof(word), &word) ? word : 0;
}

/* In a PIE the loader writes the text's address at @at; its relocation says which. */
static uint64_t relocated_word(Elf *elf, uint64_t at)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	GElf_Rela rela;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_RELA)
			continue;
		Elf_Data *data = elf_getdata(section, NULL);
		for (int i = 0; data != NULL && gelf_getrela(data, i, &rela) != NULL; i++) {
			if (rela.r_offset == at &&
			    GELF_R_TYPE(rela.r_info) == MACHINE_RELOC_RELATIVE)
				return (uint64_t)rela.r_addend;
		}
	}
	return 0;
}

static Elf_Data *find_section(Elf *elf, uint64_t *ret_address)
{
	static const char suffix[] = ".gopclntab"; /* .data.rel.ro.gopclntab in a PIE */
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	const char *name;

	while ((name = elf_section_next(elf, &section, &header)) != NULL) {
		size_t bytes = strlen(name);
		if (bytes < strlen(suffix) || strcmp(name + bytes - strlen(suffix), suffix) != 0)
			continue;
		*ret_address = header.sh_addr;
		return elf_getdata(section, NULL);
	}
	return NULL;
}

void go_table_init(struct go_table *table, Elf *elf)
{
	uint64_t address, magic;
	Elf_Data *data = find_section(elf, &address);

	*table = (struct go_table){ 0 };
	if (data == NULL || data->d_buf == NULL || data->d_size < HEADER_BYTES)
		return;
	struct go_table found = { .data = data->d_buf, .bytes = data->d_size };
	(void)read_number(&found, 0, 4, &magic);
	bool is_old = magic == MAGIC_1_16;
	if (!is_old && magic != MAGIC_1_18 && magic != MAGIC_1_20)
		return;
	found.entry_bytes = is_old ? 8 : 4;
	found.count = header_word(&found, WORD_FUNCTIONS);
	found.names = header_word(&found, WORD_NAMES - is_old);
	found.functions = header_word(&found, WORD_TABLE - is_old);
	if (!is_old) {
		found.text = header_word(&found, WORD_TEXT);
		if (found.text == 0)
			found.text = relocated_word(elf, address + 8 * (uint64_t)WORD_TEXT);
	}
	if (found.count <= found.bytes / 8) /* a function takes so much at least */
		*table = found;
}

bool go_table_function(const struct go_table *table, uint64_t index, const char **ret_name,
		       uint64_t *ret_address, uint64_t *ret_bytes)
{
	unsigned bytes = table->entry_bytes;
	uint64_t at = table->functions + 2 * bytes * index;
	uint64_t entry, record, next, name;

	if (!read_number(table, at, bytes, &entry) ||
	    !read_number(table, at + bytes, bytes, &record) ||
	    !read_number(table, at + 2 * (uint64_t)bytes, bytes, &next) || next < entry ||
	    !read_number(table, table->functions + record + bytes, 4, &name))
		return false;
	name += table->names;
	if (name >= table->bytes || memchr(table->data + name, '\0', table->bytes - name) == NULL)
		return false;
	*ret_name = (const char *)table->data + name;
	*ret_address = table->text + entry;
	*ret_bytes = next - entry;
	return true;
}
