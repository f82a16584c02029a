/* Stubs of indirect functions; see ifunc_stubs.h. Symbols layer. */
#include "symbols/elf/ifunc_stubs.h"

#include <string.h>

#include "tracer/base/machine.h"

static struct error *read_relocations(struct ifunc_stubs *stubs, Elf_Scn *section)
{
	Elf_Data *data = elf_getdata(section, NULL);
	struct error *err = NULL;
	GElf_Rela rela;

	for (int i = 0; err == NULL && data != NULL && gelf_getrela(data, i, &rela) != NULL; i++) {
		if (GELF_R_TYPE(rela.r_info) == MACHINE_RELOC_IRELATIVE && rela.r_addend > 0)
			err = addr_map_put(&stubs->resolvers, rela.r_offset,
					   (void *)(uintptr_t)rela.r_addend);
	}
	return err;
}

static struct error *stubs_read(struct ifunc_stubs *stubs)
{
	struct error *err = NULL;
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	stubs->is_read = true;
	while (err == NULL && (section = elf_nextscn(stubs->elf, section)) != NULL) {
		if (gelf_getshdr(section, &header) != NULL && header.sh_type == SHT_RELA &&
		    (header.sh_flags & SHF_ALLOC))
			err = read_relocations(stubs, section);
	}
	return err;
}

/* Up to @bytes of the code at @address; returns how many there are. */
static size_t code_at(Elf *elf, uint64_t address, unsigned char *code, size_t bytes)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_PROGBITS ||
		    address - header.sh_addr >= header.sh_size || !(header.sh_flags & SHF_ALLOC))
			continue;
		const Elf_Data *data = elf_rawdata(section, NULL);
		uint64_t from = address - header.sh_addr;
		if (data == NULL || data->d_buf == NULL || from >= data->d_size)
			return 0;
		if (bytes > data->d_size - from)
			bytes = data->d_size - from;
		memcpy(code, (const char *)data->d_buf + from, bytes);
		return bytes;
	}
	return 0;
}

/* The word that the stub jumps through: endbr64 and bnd may stand before jmp *disp(%rip); 0: none. */
static uint64_t word_of_stub(Elf *elf, uint64_t address)
{
	static const unsigned char endbr64[] = { 0xf3, 0x0f, 0x1e, 0xfa }, jump[] = { 0xff, 0x25 };
	unsigned char code[16];
	size_t bytes = code_at(elf, address, code, sizeof(code)), at = 0;
	int32_t distance;

	if (bytes >= sizeof(endbr64) && memcmp(code, endbr64, sizeof(endbr64)) == 0)
		at = sizeof(endbr64);
	at += at < bytes && code[at] == 0xf2;
	if (bytes < at + sizeof(jump) + sizeof(distance) ||
	    memcmp(code + at, jump, sizeof(jump)) != 0)
		return 0;
	at += sizeof(jump);
	memcpy(&distance, code + at, sizeof(distance));
	return address + at + sizeof(distance) + (uint64_t)(int64_t)distance;
}

struct error *ifunc_stubs_resolver(struct ifunc_stubs *stubs, uint64_t address, uint64_t *ret)
{
	struct error *err = stubs->is_read ? NULL : stubs_read(stubs);

	*ret = 0;
	if (err == NULL && stubs->resolvers.count > 0)
		*ret = (uintptr_t)addr_map_get(&stubs->resolvers,
					       word_of_stub(stubs->elf, address));
	return err;
}

void ifunc_stubs_deinit(struct ifunc_stubs *stubs)
{
	addr_map_deinit(&stubs->resolvers);
}
