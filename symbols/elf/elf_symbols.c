/* The function symbols of an ELF file; see elf_symbols.h. Symbols layer. */
#include "symbols/elf/elf_symbols.h"

#include <stdlib.h>
#include <string.h>

#include "symbols/elf/go_table.h"
#include "symbols/elf/symbol_versions.h"
#include "symbols/names/linkage_name.h"
#include "tracer/base/array.h"

static const struct symbol_segment *elf_symbols_segment(const struct elf_symbols *symbols,
							uint64_t address)
{
	for (size_t i = 0; i < symbols->segment_count; i++) {
		const struct symbol_segment *segment = &symbols->segments[i];
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

static struct error *elf_symbols_add_string(struct elf_symbols *symbols, const char *text,
					    uint32_t *ret)
{
	struct error *err = array_reserve(&symbols->strings, &symbols->string_capacity,
					  symbols->string_count + 1, sizeof(*symbols->strings));
	if (err != NULL)
		return err;
	*ret = (uint32_t)symbols->string_count;
	symbols->strings[symbols->string_count++] = text;
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

/* A runtime library's symbol tells the language, whether it is defined here or not. */
static void elf_symbols_note_language(struct elf_symbols *symbols, const char *name)
{
	if (name[0] == '_' && strncmp(name, "_gfortran_", 10) == 0)
		symbols->is_fortran = true;
	if (name[0] == '_' && strncmp(name, "__gnat_", 7) == 0)
		symbols->is_ada = true;
}

static struct error *elf_symbols_reserve(struct elf_symbols *symbols, size_t count)
{
	return array_reserve(&symbols->items, &symbols->capacity, symbols->count + count,
			     sizeof(*symbols->items));
}

/*
 * Room for the functions among @count symbols, as growing would copy them again and again, and each copy
 * touches fresh memory. Of very many symbols few are functions.
 */
static struct error *elf_symbols_expect(struct elf_symbols *symbols, size_t count)
{
	enum { COUNT_MAX = 1 << 20 };
	return elf_symbols_reserve(symbols, count < COUNT_MAX ? count : COUNT_MAX);
}

struct error *elf_symbols_append(struct elf_symbols *symbols, const struct elf_symbol *symbol)
{
	const struct symbol_segment *segment = elf_symbols_segment(symbols, symbol->address);

	if (segment == NULL)
		return NULL;
	struct error *err = elf_symbols_reserve(symbols, 1);
	if (err != NULL)
		return err;
	uint64_t room = segment->memory_bytes - (symbol->address - segment->start.value);
	symbols->items[symbols->count] = *symbol;
	if (symbol->size_bytes > room)
		symbols->items[symbols->count].size_bytes = room;
	symbols->count++;
	return NULL;
}

struct error *elf_symbols_keep_made(struct elf_symbols *symbols, char *text)
{
	struct error *err = array_reserve(&symbols->made, &symbols->made_capacity,
					  symbols->made_count + 1, sizeof(*symbols->made));

	if (err == NULL)
		symbols->made[symbols->made_count++] = text;
	else
		free(text);
	return err;
}

static bool symbol_may_be_function(const struct elf_symbols *symbols,
				   const struct found_symbol *found)
{
	unsigned type = GELF_ST_TYPE(found->sym->st_info);

	if (type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_NOTYPE)
		return false;
	/* An undefined one may have the address of its PLT stub: the function is elsewhere. */
	return found->section != SHN_UNDEF && found->section != SHN_ABS && found->name[0] != '\0' &&
	       !linkage_name_is_cold(found->name) && !linkage_name_is_thunk(found->name) &&
	       !name_is_mapping_symbol(found->name) &&
	       elf_symbols_segment(symbols, found->address) != NULL;
}

/*
 * What a symbol in the PLT stands for: an indirect function of the file itself, whose resolver is at
 * *@ret, or something else, 0. What a linker calls chosen$plt or chosen@plt has a symbol beside it.
 */
static struct error *resolver_of_stub(struct elf_symbols *symbols, const struct found_symbol *found,
				      uint64_t *ret)
{
	*ret = 0;
	return strpbrk(found->name, "$@") != NULL
		       ? NULL
		       : ifunc_stubs_resolver(&symbols->stubs, found->address, ret);
}

static struct error *elf_symbols_add(struct elf_symbols *symbols, const struct found_symbol *found)
{
	unsigned type = GELF_ST_TYPE(found->sym->st_info);
	const char *version = found->version;
	uint32_t version_string = 0;
	uint64_t resolver = 0;

	elf_symbols_note_language(symbols, found->name);
	if (!symbol_may_be_function(symbols, found))
		return NULL;
	if (plt_sections_hold(&symbols->plts, found->address)) {
		struct error *stub_err = resolver_of_stub(symbols, found, &resolver);
		if (stub_err != NULL || resolver == 0)
			return stub_err;
	}
	size_t bytes = strnlen(found->name, SYMBOL_NAME_MAX_BYTES + 1);
	/* ld leaves a symbol's version in .symtab: memcpy@@GLIBC_2.14. */
	const char *at = bytes > 1 ? memchr(found->name + 1, '@', bytes - 1) : NULL;
	if (at != NULL && bytes <= SYMBOL_NAME_MAX_BYTES) {
		bytes = (size_t)(at - found->name);
		version = at + strspn(at, "@");
	}
	if (bytes > SYMBOL_NAME_MAX_BYTES)
		return NULL;
	struct error *err = NULL;
	if (version != NULL)
		err = elf_symbols_add_string(symbols, version, &version_string);
	const struct elf_symbol symbol = {
		.address = resolver ? resolver : found->address,
		.size_bytes = found->sym->st_size,
		.name = found->name,
		.name_bytes = (uint32_t)bytes,
		.source = found->source,
		.version = version_string,
		.rank = symbol_rank(found->sym, found->name),
		.is_ifunc = type == STT_GNU_IFUNC || resolver != 0,
		.is_label = type == STT_NOTYPE && resolver == 0,
	};
	return err ? err : elf_symbols_append(symbols, &symbol);
}

/*
 * An STT_FILE symbol names the source of the local symbols behind it (gABI, "Symbol Table"). What
 * the linker itself adds, and link-time optimisation, have none.
 */
static struct error *elf_symbols_begin_source(struct elf_symbols *symbols, const char *name,
					      uint32_t *ret)
{
	*ret = 0;
	if (name[0] == '\0' || name[0] == '<')
		return NULL;
	return elf_symbols_add_string(symbols, name, ret);
}

static struct error *elf_symbols_add_session(struct elf_symbols *symbols,
					     struct dwfl_session *session, bool *ret_elsewhere)
{
	size_t count = dwfl_session_symbol_count(session);
	struct dwfl_symbol symbol;
	uint32_t source = 0;

	struct error *err = elf_symbols_expect(symbols, count);
	for (size_t i = 1; i < count && err == NULL; i++) {
		if (!dwfl_session_symbol(session, i, &symbol))
			continue;
		*ret_elsewhere |= symbol.is_elsewhere;
		if (GELF_ST_TYPE(symbol.sym.st_info) == STT_FILE) {
			err = elf_symbols_begin_source(symbols, symbol.name, &source);
			continue;
		}
		bool is_local = GELF_ST_BIND(symbol.sym.st_info) == STB_LOCAL;
		const struct found_symbol found = {
			symbol.name,	symbol.address.value,  &symbol.sym,
			symbol.section, is_local ? source : 0, NULL,
		};
		err = elf_symbols_add(symbols, &found);
	}
	return err;
}

/*
 * libdwfl gives .dynsym only where there is no .symtab, and never its versions; yet it may have
 * names of its own.
 */
static struct error *elf_symbols_add_dynsym(struct elf_symbols *symbols, Elf *elf, Elf_Scn *section)
{
	GElf_Shdr header;
	Elf_Data *data = elf_getdata(section, NULL);
	struct symbol_versions versions;
	GElf_Sym sym;

	if (data == NULL || gelf_getshdr(section, &header) == NULL)
		return NULL;
	struct error *err = symbol_versions_init(&versions, elf);
	if (err == NULL)
		err = elf_symbols_expect(symbols, data->d_size / sizeof(Elf64_Sym));
	for (int i = 1; err == NULL && gelf_getsym(data, i, &sym) != NULL; i++) {
		const struct found_symbol found = {
			.name = elf_strptr(elf, header.sh_link, sym.st_name),
			.address = sym.st_value,
			.sym = &sym,
			.section = sym.st_shndx,
			.version = symbol_versions_get(&versions, i),
		};
		if (found.name != NULL)
			err = elf_symbols_add(symbols, &found);
	}
	symbol_versions_deinit(&versions);
	return err;
}

/* Neither undefined nor absolute: which one it is does not matter. */
enum { SECTION_ANY = 1 };

/* A stripped program of Go names its functions nevertheless. */
static struct error *elf_symbols_add_go(struct elf_symbols *symbols, Elf *elf)
{
	struct go_table table;
	struct error *err = NULL;

	go_table_init(&table, elf);
	for (uint64_t i = 0; i < table.count && err == NULL; i++) {
		GElf_Sym sym = { .st_info = GELF_ST_INFO(STB_GLOBAL, STT_FUNC) };
		struct found_symbol found = { .sym = &sym, .section = SECTION_ANY };
		if (!go_table_function(&table, i, &found.name, &found.address, &sym.st_size))
			continue;
		symbols->kind = SYMBOLS_GO;
		err = elf_symbols_add(symbols, &found);
	}
	return err;
}

static enum symbol_kind kind_of(const struct elf_symbols *symbols,
				const struct dwfl_session *session, bool in_file, bool elsewhere)
{
	int server_errnum;

	if (in_file)
		return SYMBOLS_OWN;
	if (elsewhere)
		return dwfl_session_debug_path(session, &server_errnum) != NULL ? SYMBOLS_DEBUG_FILE
										: SYMBOLS_MINI;
	return symbols->count > 0 ? SYMBOLS_EXPORTED : SYMBOLS_NONE;
}

struct error *elf_symbols_collect(struct elf_symbols *symbols, struct dwfl_session *session)
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
	plt_sections_find(&symbols->plts, elf);
	symbols->stubs.elf = elf;
	struct error *err = elf_symbols_add_string(symbols, "", &empty);
	if (err == NULL)
		err = elf_symbols_add_session(symbols, session, &elsewhere);
	symbols->kind = kind_of(symbols, session, in_file, elsewhere);
	if (err == NULL && dynsym != NULL)
		err = elf_symbols_add_dynsym(symbols, elf, dynsym);
	if (err == NULL && symbols->kind <= SYMBOLS_EXPORTED)
		err = elf_symbols_add_go(symbols, elf);
	return err;
}

void elf_symbols_deinit(struct elf_symbols *symbols)
{
	for (size_t i = 0; i < symbols->made_count; i++)
		free(symbols->made[i]);
	free(symbols->made);
	ifunc_stubs_deinit(&symbols->stubs);
	free(symbols->strings);
	free(symbols->items);
	*symbols = (struct elf_symbols){ 0 };
}
