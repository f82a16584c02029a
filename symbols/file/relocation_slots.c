/* What the dynamic linker fills in; see relocation_slots.h. Symbols layer. */
#include "symbols/file/relocation_slots.h"

#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

#include "symbols/file/symbol_file_private.h"
#include "tracer/base/machine.h"

/* The symbol number @number of the table that the relocations refer to; NULL: none. */
static const char *symbol_name(Elf *elf, Elf_Scn *table, size_t number)
{
	GElf_Shdr header;
	GElf_Sym symbol;

	if (number == 0 || table == NULL || gelf_getshdr(table, &header) == NULL)
		return NULL;
	if (gelf_getsym(elf_getdata(table, NULL), (int)number, &symbol) == NULL)
		return NULL;
	return elf_strptr(elf, header.sh_link, symbol.st_name);
}

static bool slot_of(Elf *elf, Elf_Scn *symbols, const GElf_Rela *rela, struct relocation_slot *ret)
{
	*ret = (struct relocation_slot){ .address = taddr(rela->r_offset) };
	switch (GELF_R_TYPE(rela->r_info)) {
	case MACHINE_RELOC_IRELATIVE:
		ret->resolver = taddr((uint64_t)rela->r_addend);
		return true;
	case MACHINE_RELOC_WORD:
		if (rela->r_addend != 0)
			return false;
		/* fall through */
	case MACHINE_RELOC_GLOB_DAT:
	case MACHINE_RELOC_JUMP_SLOT:
		ret->symbol = symbol_name(elf, symbols, GELF_R_SYM(rela->r_info));
		return ret->symbol != NULL;
	default:
		return false;
	}
}

static struct error *walk_section(Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
				  struct error *(*slot)(void *, const struct relocation_slot *),
				  void *context)
{
	Elf_Data *data = elf_getdata(section, NULL);
	Elf_Scn *symbols = elf_getscn(elf, header->sh_link);
	struct error *err = NULL;
	struct relocation_slot found;
	GElf_Rela rela;

	for (int i = 0; err == NULL && data != NULL && gelf_getrela(data, i, &rela) != NULL; i++) {
		if (slot_of(elf, symbols, &rela, &found))
			err = slot(context, &found);
	}
	return err;
}

struct error *relocation_slots_walk(const struct symbol_file *file,
				    struct error *(*slot)(void *, const struct relocation_slot *),
				    void *context)
{
	struct error *err = NULL;
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	struct elf_place place;
	int fd = symbol_file_place(file, &place) ? open(place.path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return NULL;
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	while (err == NULL && (section = elf_nextscn(elf, section)) != NULL) {
		/* Those of a program that was linked with --emit-relocs are not loaded. */
		if (gelf_getshdr(section, &header) != NULL && header.sh_type == SHT_RELA &&
		    (header.sh_flags & SHF_ALLOC))
			err = walk_section(elf, section, &header, slot, context);
	}
	elf_end(elf);
	close(fd);
	return err;
}
