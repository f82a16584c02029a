/* Symbols of a loaded ELF file; see loaded_symbol.h. Symbols layer. */
#include "symbols/unwind/loaded_symbol.h"

#include <elf.h>
#include <string.h>

enum {
	SEGMENTS_MAX = 128,
	ENTRIES_MAX = 256, /* of the dynamic section */
	CHAIN_MAX = 4096,  /* symbols with one hash */
	NAME_BYTES_MAX = 64,
};

static bool read_at(const struct loaded_symbols *symbols, uint64_t from, void *ret, size_t bytes)
{
	return memory_view_read(symbols->view, taddr(from), ret, bytes);
}

static bool read_number(const struct loaded_symbols *symbols, uint64_t from, uint32_t *ret)
{
	return read_at(symbols, from, ret, sizeof(*ret));
}

/* glibc has added the bias to the addresses in it; musl has not. */
static uint64_t dynamic_address(const struct loaded_symbols *symbols, taddr_t header,
				uint64_t value)
{
	return value < header.value ? value + symbols->bias : value;
}

static bool read_dynamic(struct loaded_symbols *symbols, taddr_t header, uint64_t from)
{
	for (size_t i = 0; i < ENTRIES_MAX; i++) {
		Elf64_Dyn entry;
		if (!read_at(symbols, from + i * sizeof(entry), &entry, sizeof(entry)))
			return false;
		const uint64_t address = dynamic_address(symbols, header, entry.d_un.d_ptr);
		if (entry.d_tag == DT_NULL)
			break;
		if (entry.d_tag == DT_SYMTAB)
			symbols->symbols = address;
		else if (entry.d_tag == DT_STRTAB)
			symbols->texts = address;
		else if (entry.d_tag == DT_GNU_HASH)
			symbols->hashes = address;
	}
	return symbols->symbols != 0 && symbols->texts != 0 && symbols->hashes != 0;
}

bool loaded_symbols_open(struct loaded_symbols *symbols, struct memory_view *view, taddr_t header)
{
	static const uint64_t PAGE_MASK = 4095;
	uint64_t dynamic = 0;
	bool has_start = false;
	Elf64_Ehdr elf;

	*symbols = (struct loaded_symbols){ .view = view };
	if (!read_at(symbols, header.value, &elf, sizeof(elf)) ||
	    memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 || elf.e_ident[EI_CLASS] != ELFCLASS64 ||
	    elf.e_phentsize != sizeof(Elf64_Phdr) || elf.e_phnum > SEGMENTS_MAX)
		return false;
	for (size_t i = 0; i < elf.e_phnum; i++) {
		Elf64_Phdr segment;
		if (!read_at(symbols, header.value + elf.e_phoff + i * sizeof(segment), &segment,
			     sizeof(segment)))
			return false;
		if (segment.p_type == PT_DYNAMIC)
			dynamic = segment.p_vaddr;
		if (segment.p_type == PT_LOAD && segment.p_offset == 0 && !has_start) {
			has_start = true;
			symbols->bias = header.value - (segment.p_vaddr & ~PAGE_MASK);
		}
	}
	return has_start && dynamic != 0 && read_dynamic(symbols, header, dynamic + symbols->bias);
}

static uint32_t gnu_hash(const char *name)
{
	uint32_t hash = 5381;

	for (; *name != '\0'; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

static bool is_named(const struct loaded_symbols *symbols, const Elf64_Sym *symbol,
		     const char *name)
{
	const size_t bytes = strlen(name) + 1;
	char text[NAME_BYTES_MAX];

	return bytes <= sizeof(text) && symbol->st_shndx != SHN_UNDEF &&
	       read_at(symbols, symbols->texts + symbol->st_name, text, bytes) &&
	       memcmp(text, name, bytes) == 0;
}

/* The table is buckets, first symbol, words and shift of a Bloom filter, the filter, buckets, and a hash for each symbol. */
bool loaded_symbols_find(const struct loaded_symbols *symbols, const char *name, taddr_t *ret)
{
	enum { BUCKETS, FIRST, FILTER_WORDS, SHIFT, HEAD_WORDS };
	const uint32_t hash = gnu_hash(name);
	uint32_t head[HEAD_WORDS], index, found;

	if (!read_at(symbols, symbols->hashes, head, sizeof(head)) || head[BUCKETS] == 0)
		return false;
	const uint64_t buckets =
		symbols->hashes + sizeof(head) + (uint64_t)head[FILTER_WORDS] * sizeof(uint64_t);
	const uint64_t chains = buckets + (uint64_t)head[BUCKETS] * sizeof(index);
	if (!read_number(symbols, buckets + (hash % head[BUCKETS]) * sizeof(index), &index) ||
	    index < head[FIRST])
		return false;
	for (size_t i = 0; i < CHAIN_MAX; i++, index++) {
		Elf64_Sym symbol;
		if (!read_number(symbols, chains + (uint64_t)(index - head[FIRST]) * sizeof(found),
				 &found))
			return false;
		if ((found | 1) == (hash | 1) &&
		    read_at(symbols, symbols->symbols + (uint64_t)index * sizeof(symbol), &symbol,
			    sizeof(symbol)) &&
		    is_named(symbols, &symbol, name)) {
			*ret = taddr(symbol.st_value + symbols->bias);
			return true;
		}
		if ((found & 1) != 0) /* the last one of its bucket */
			return false;
	}
	return false;
}
