/* The sections of an ELF file; see elf_sections.h. Symbols layer. */
#include "symbols/elf/elf_sections.h"

#include <stddef.h>

const char *elf_section_next(Elf *elf, Elf_Scn **section, GElf_Shdr *ret_header)
{
	size_t names;

	if (elf_getshdrstrndx(elf, &names) != 0)
		return NULL;
	while ((*section = elf_nextscn(elf, *section)) != NULL) {
		const char *name = gelf_getshdr(*section, ret_header) == NULL
					   ? NULL
					   : elf_strptr(elf, names, ret_header->sh_name);
		if (name != NULL)
			return name;
	}
	return NULL;
}
