/* The versions of an ELF file; see symbol_versions.h. Symbols layer. */
#include "symbols/elf/symbol_versions.h"

#include <stdlib.h>

/* The top bit of an index says that the symbol is hidden (not the default version). */
static const unsigned VERSION_INDEX_MASK = 0x7fff;

/* .gnu.version_d: a chain of definitions, whose first name is their own. */
static void read_definitions(struct symbol_versions *versions, Elf *elf, const GElf_Shdr *header,
			     Elf_Data *data)
{
	int offset = 0;

	for (GElf_Word i = 0; i < header->sh_info; i++) {
		GElf_Verdef definition;
		GElf_Verdaux name;
		if (gelf_getverdef(data, offset, &definition) == NULL ||
		    gelf_getverdaux(data, offset + (int)definition.vd_aux, &name) == NULL)
			return;
		if (definition.vd_ndx < versions->count && !(definition.vd_flags & VER_FLG_BASE))
			versions->names[definition.vd_ndx] =
				elf_strptr(elf, header->sh_link, name.vda_name);
		if (definition.vd_next == 0 || definition.vd_next > data->d_size)
			return;
		offset += (int)definition.vd_next;
	}
}

struct error *symbol_versions_init(struct symbol_versions *versions, Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	*versions = (struct symbol_versions){ 0 };
	while ((section = elf_nextscn(elf, section)) != NULL) {
		if (gelf_getshdr(section, &header) == NULL)
			continue;
		if (header.sh_type == SHT_GNU_versym)
			versions->of_symbol = elf_getdata(section, NULL);
		if (header.sh_type != SHT_GNU_verdef || versions->names != NULL)
			continue;
		Elf_Data *data = elf_getdata(section, NULL);
		versions->count = VERSION_INDEX_MASK + 1;
		versions->names = calloc(versions->count, sizeof(*versions->names));
		if (versions->names == NULL)
			return error_no_memory();
		if (data != NULL)
			read_definitions(versions, elf, &header, data);
	}
	return NULL;
}

void symbol_versions_deinit(struct symbol_versions *versions)
{
	free(versions->names);
	*versions = (struct symbol_versions){ 0 };
}

const char *symbol_versions_get(const struct symbol_versions *versions, int symbol)
{
	GElf_Versym version;

	if (versions->of_symbol == NULL || versions->names == NULL ||
	    gelf_getversym(versions->of_symbol, symbol, &version) == NULL)
		return NULL;
	return versions->names[version & VERSION_INDEX_MASK];
}
