/* The sections of stubs; see plt_sections.h. Symbols layer. */
#include "symbols/elf/plt_sections.h"

#include <string.h>

#include "symbols/elf/elf_sections.h"

static bool is_plt(const GElf_Shdr *header, const char *name)
{
	return (header->sh_flags & SHF_EXECINSTR) &&
	       (strcmp(name, ".plt") == 0 || strncmp(name, ".plt.", strlen(".plt.")) == 0 ||
		strcmp(name, ".iplt") == 0);
}

void plt_sections_find(struct plt_sections *plts, Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	const char *name;

	plts->count = 0;
	while (plts->count < PLT_SECTIONS_MAX &&
	       (name = elf_section_next(elf, &section, &header)) != NULL) {
		if (!is_plt(&header, name))
			continue;
		plts->ranges[plts->count].start = header.sh_addr;
		plts->ranges[plts->count++].bytes = header.sh_size;
	}
}

bool plt_sections_hold(const struct plt_sections *plts, uint64_t address)
{
	for (size_t i = 0; i < plts->count; i++) {
		if (address - plts->ranges[i].start < plts->ranges[i].bytes)
			return true;
	}
	return false;
}
