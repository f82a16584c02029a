/* The function symbols of an ELF file; see elf_symbols.h. Symbols layer. */
#include "symbols/elf/elf_symbols.h"

#include <stdlib.h>
#include <string.h>

#include "symbols/elf/go_table.h"
#include "symbols/elf/symbol_versions.h"
#include "symbols/names/demangle.h"
#include "tracer/base/array.h"

static const struct symbol_segment *elf_symbols_segment(const struct elf_symbols *raw,
							uint64_t address)
{
	for (size_t i = 0; i < raw->segment_count; i++) {
		const struct symbol_segment *segment = &raw->segments[i];
		if (segment->executable && address >= segment->start.value &&
		    address - segment->start.value < segment->memory_bytes)
			return segment;
	}
	return NULL;
}

/* Some assemblers mark code and data by $a, $d, $x, $x.1: no functions. */
static bool name_is_mapping_symbol(const char *name)
{
	return name[0] == '$' && strchr("adtx", name[1]) != NULL &&
	       (name[1] == '\0' || name[2] == '\0' || name[2] == '.');
}

static uint8_t symbol_rank(const GElf_Sym *sym, const char *name)
{
	size_t underscores = strspn(name, "_");
	/* The _Z and _R of a mangled name are no underscores that the author wrote. */
	if (linkage_name_is_mangled(name))
		underscores = 0;
	uint8_t rank = underscores > 7 ? 7 : (uint8_t)underscores;

	switch (GELF_ST_BIND(sym->st_info)) {
	case STB_LOCAL:
		return rank + 16;
	case STB_WEAK:
		return rank + 8;
	default:
		return rank;
	}
}

static struct error *elf_symbols_add_string(struct elf_symbols *raw, const char *text,
					    uint32_t *ret)
{
	struct error *err = array_reserve(&raw->strings, &raw->string_capacity,
					  raw->string_count + 1, sizeof(*raw->strings));
	if (err != NULL)
		return err;
	*ret = (uint32_t)raw->string_count;
	raw->strings[raw->string_count++] = text;
	return NULL;
}

/* One symbol and where it was found. */
struct found_symbol {
	const char *name;
	uint64_t address;
	const GElf_Sym *sym;
	uint32_t section;
	uint32_t source;     /* as in elf_symbol */
	const char *version; /* NULL: none but what the name itself has */
};

/* Runtime libraries betray the language, whether the symbol is defined here or not. */
static void elf_symbols_note_language(struct elf_symbols *raw, const char *name)
{
	if (name[0] == '_' && strncmp(name, "_gfortran_", 10) == 0)
		raw->is_fortran = true;
	if (name[0] == '_' && strncmp(name, "__gnat_", 7) == 0)
		raw->is_ada = true;
}

struct error *elf_symbols_append(struct elf_symbols *raw, const struct elf_symbol *symbol)
{
	const struct symbol_segment *segment = elf_symbols_segment(raw, symbol->address);

	if (segment == NULL)
		return NULL;
	struct error *err =
		array_reserve(&raw->items, &raw->capacity, raw->count + 1, sizeof(*raw->items));
	if (err != NULL)
		return err;
	uint64_t room = segment->memory_bytes - (symbol->address - segment->start.value);
	raw->items[raw->count] = *symbol;
	if (symbol->size_bytes > room)
		raw->items[raw->count].size_bytes = room;
	raw->count++;
	return NULL;
}

struct error *elf_symbols_keep_made(struct elf_symbols *raw, char *text)
{
	struct error *err = array_reserve(&raw->made, &raw->made_capacity, raw->made_count + 1,
					  sizeof(*raw->made));

	if (err == NULL)
		raw->made[raw->made_count++] = text;
	else
		free(text);
	return err;
}

static bool symbol_may_be_function(const struct elf_symbols *raw, const struct found_symbol *found)
{
	unsigned type = GELF_ST_TYPE(found->sym->st_info);

	if (type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_NOTYPE)
		return false;
	/* An undefined one may have the address of its PLT stub: the function is elsewhere. */
	return found->section != SHN_UNDEF && found->section != SHN_ABS && found->name[0] != '\0' &&
	       !linkage_name_is_cold(found->name) && !name_is_mapping_symbol(found->name) &&
	       elf_symbols_segment(raw, found->address) != NULL;
}

static struct error *elf_symbols_add(struct elf_symbols *raw, const struct found_symbol *found)
{
	unsigned type = GELF_ST_TYPE(found->sym->st_info);
	const char *version = found->version;
	uint32_t version_string = 0;

	elf_symbols_note_language(raw, found->name);
	if (!symbol_may_be_function(raw, found))
		return NULL;
	size_t bytes = strnlen(found->name, RAW_NAME_MAX_BYTES + 1);
	/* ld leaves a symbol's version in .symtab: memcpy@@GLIBC_2.14. */
	const char *at = bytes > 1 ? memchr(found->name + 1, '@', bytes - 1) : NULL;
	if (at != NULL && bytes <= RAW_NAME_MAX_BYTES) {
		bytes = (size_t)(at - found->name);
		version = at + strspn(at, "@");
	}
	if (bytes > RAW_NAME_MAX_BYTES)
		return NULL;
	struct error *err = NULL;
	if (version != NULL)
		err = elf_symbols_add_string(raw, version, &version_string);
	const struct elf_symbol symbol = {
		.address = found->address,
		.size_bytes = found->sym->st_size,
		.name = found->name,
		.name_bytes = (uint32_t)bytes,
		.source = found->source,
		.version = version_string,
		.rank = symbol_rank(found->sym, found->name),
		.is_ifunc = type == STT_GNU_IFUNC,
		.is_label = type == STT_NOTYPE,
	};
	return err ? err : elf_symbols_append(raw, &symbol);
}

/*
 * An STT_FILE symbol names the source of the local symbols behind it (gABI, "Symbol Table"). What
 * the linker itself adds, and link-time optimisation, have none.
 */
static struct error *elf_symbols_begin_source(struct elf_symbols *raw, const char *name,
					      uint32_t *ret)
{
	*ret = 0;
	if (name[0] == '\0' || name[0] == '<')
		return NULL;
	return elf_symbols_add_string(raw, name, ret);
}

static struct error *elf_symbols_add_session(struct elf_symbols *raw, struct dwfl_session *session,
					     bool *ret_elsewhere)
{
	size_t count = dwfl_session_symbol_count(session);
	struct error *err = NULL;
	struct dwfl_symbol symbol;
	uint32_t source = 0;

	for (size_t i = 1; i < count && err == NULL; i++) {
		if (!dwfl_session_symbol(session, i, &symbol))
			continue;
		*ret_elsewhere |= symbol.is_elsewhere;
		if (GELF_ST_TYPE(symbol.sym.st_info) == STT_FILE) {
			err = elf_symbols_begin_source(raw, symbol.name, &source);
			continue;
		}
		bool is_local = GELF_ST_BIND(symbol.sym.st_info) == STB_LOCAL;
		const struct found_symbol found = {
			symbol.name,	symbol.address.value,  &symbol.sym,
			symbol.section, is_local ? source : 0, NULL,
		};
		err = elf_symbols_add(raw, &found);
	}
	return err;
}

/*
 * libdwfl gives .dynsym only where there is no .symtab, and never its versions; yet it may have
 * names of its own.
 */
static struct error *elf_symbols_add_dynsym(struct elf_symbols *raw, Elf *elf, Elf_Scn *section)
{
	GElf_Shdr header;
	Elf_Data *data = elf_getdata(section, NULL);
	struct symbol_versions versions;
	GElf_Sym sym;

	if (data == NULL || gelf_getshdr(section, &header) == NULL)
		return NULL;
	struct error *err = symbol_versions_init(&versions, elf);
	for (int i = 1; err == NULL && gelf_getsym(data, i, &sym) != NULL; i++) {
		const struct found_symbol found = {
			.name = elf_strptr(elf, header.sh_link, sym.st_name),
			.address = sym.st_value,
			.sym = &sym,
			.section = sym.st_shndx,
			.version = symbol_versions_get(&versions, i),
		};
		if (found.name != NULL)
			err = elf_symbols_add(raw, &found);
	}
	symbol_versions_deinit(&versions);
	return err;
}

/* Neither undefined nor absolute: which one it is does not matter. */
enum { SECTION_ANY = 1 };

/* A stripped program of Go names its functions nevertheless. */
static struct error *elf_symbols_add_go(struct elf_symbols *raw, Elf *elf)
{
	struct go_table table;
	struct error *err = NULL;

	go_table_init(&table, elf);
	for (uint64_t i = 0; i < table.count && err == NULL; i++) {
		GElf_Sym sym = { .st_info = GELF_ST_INFO(STB_GLOBAL, STT_FUNC) };
		struct found_symbol found = { .sym = &sym, .section = SECTION_ANY };
		if (!go_table_function(&table, i, &found.name, &found.address, &sym.st_size))
			continue;
		raw->kind = SYMBOLS_GO;
		err = elf_symbols_add(raw, &found);
	}
	return err;
}

static enum symbol_kind kind_of(const struct elf_symbols *raw, const struct dwfl_session *session,
				bool in_file, bool elsewhere)
{
	int server_errnum;

	if (in_file)
		return SYMBOLS_OWN;
	if (elsewhere)
		return dwfl_session_debug_path(session, &server_errnum) != NULL ? SYMBOLS_DEBUG_FILE
										: SYMBOLS_MINI;
	return raw->count > 0 ? SYMBOLS_EXPORTED : SYMBOLS_NONE;
}

struct error *elf_symbols_collect(struct elf_symbols *raw, struct dwfl_session *session)
{
	Elf *elf = dwfl_session_elf(session);
	Elf_Scn *section = NULL, *dynsym = NULL;
	bool in_file = false, elsewhere = false;
	GElf_Shdr header;
	uint32_t empty;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		if (gelf_getshdr(section, &header) == NULL)
			continue;
		in_file |= header.sh_type == SHT_SYMTAB;
		if (header.sh_type == SHT_DYNSYM)
			dynsym = section;
	}
	struct error *err = elf_symbols_add_string(raw, "", &empty);
	if (err == NULL)
		err = elf_symbols_add_session(raw, session, &elsewhere);
	raw->kind = kind_of(raw, session, in_file, elsewhere);
	if (err == NULL && dynsym != NULL)
		err = elf_symbols_add_dynsym(raw, elf, dynsym);
	if (err == NULL && raw->kind <= SYMBOLS_EXPORTED)
		err = elf_symbols_add_go(raw, elf);
	return err;
}

void elf_symbols_deinit(struct elf_symbols *raw)
{
	for (size_t i = 0; i < raw->made_count; i++)
		free(raw->made[i]);
	free(raw->made);
	free(raw->strings);
	free(raw->items);
	*raw = (struct elf_symbols){ 0 };
}
