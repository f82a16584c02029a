/* What an ELF file takes from its libraries; see imports.h. Symbols layer. */
#include "symbols/elf/imports.h"

#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

static bool section_imports(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, const char *name)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = header->sh_entsize == 0 ? 0 : header->sh_size / header->sh_entsize;

	for (size_t i = 1; data != NULL && i < count; i++) {
		GElf_Sym symbol;
		if (gelf_getsym(data, (int)i, &symbol) == NULL)
			return false;
		if (symbol.st_shndx != SHN_UNDEF)
			continue;
		const char *found = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (found != NULL && strcmp(found, name) == 0)
			return true;
	}
	return false;
}

bool file_imports(const char *path, const char *name)
{
	bool does = false;
	Elf_Scn *section = NULL;

	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	while (!does && (section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr header;
		if (gelf_getshdr(section, &header) != NULL && header.sh_type == SHT_DYNSYM)
			does = section_imports(elf, section, &header, name);
	}
	elf_end(elf);
	close(fd);
	return does;
}
