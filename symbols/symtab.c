/* The function symbols of one ELF file; see symtab.h. Symbols layer. */
#include "symbols/symtab.h"

#include <stdlib.h>
#include <string.h>

#include "symbols/address_sort.h"
#include "symbols/demangle.h"
#include "tracer/base/array.h"

/* No name that means anything is longer; a made-up file may point a million symbols at one text. */
static const size_t NAME_MAX_BYTES = 65536;

struct raw_symbol {
	uint64_t address;
	uint64_t size_bytes;
	const char *name; /* in the session's memory */
	uint32_t name_bytes;
	uint8_t rank; /* lower is shown first */
	bool is_ifunc;
};

struct raw_symbols {
	struct raw_symbol *items;
	size_t count, capacity;
	const struct symbol_segment *segments;
	size_t segment_count;
};

static const struct symbol_segment *raw_symbols_segment(const struct raw_symbols *raw,
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

/* ARM and RISC-V mark code and data by $a, $d, $x, $x.1: no functions. */
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

static struct error *raw_symbols_add(struct raw_symbols *raw, const char *name, uint64_t address,
				     const GElf_Sym *sym, uint32_t section)
{
	unsigned type = GELF_ST_TYPE(sym->st_info);

	if ((type != STT_FUNC && type != STT_GNU_IFUNC) || section == SHN_UNDEF ||
	    section == SHN_ABS)
		return NULL;
	const struct symbol_segment *segment = raw_symbols_segment(raw, address);
	if (segment == NULL)
		return NULL;
	size_t bytes = strnlen(name, NAME_MAX_BYTES + 1);
	/* ld leaves a symbol's version in .symtab: memcpy@@GLIBC_2.14. */
	const char *version = bytes > 1 ? memchr(name + 1, '@', bytes - 1) : NULL;
	if (version != NULL)
		bytes = (size_t)(version - name);
	if (bytes == 0 || bytes > NAME_MAX_BYTES || linkage_name_is_cold(name) ||
	    name_is_mapping_symbol(name))
		return NULL;

	struct error *err =
		array_reserve(&raw->items, &raw->capacity, raw->count + 1, sizeof(*raw->items));
	if (err != NULL)
		return err;
	uint64_t room = segment->memory_bytes - (address - segment->start.value);
	raw->items[raw->count++] = (struct raw_symbol){
		.address = address,
		.size_bytes = sym->st_size < room ? sym->st_size : room,
		.name = name,
		.name_bytes = (uint32_t)bytes,
		.rank = symbol_rank(sym, name),
		.is_ifunc = type == STT_GNU_IFUNC,
	};
	return NULL;
}

static struct error *raw_symbols_add_session(struct raw_symbols *raw, struct dwfl_session *session,
					     bool *ret_elsewhere)
{
	size_t count = dwfl_session_symbol_count(session);
	struct error *err = NULL;
	struct dwfl_symbol symbol;

	for (size_t i = 1; i < count && err == NULL; i++) {
		if (!dwfl_session_symbol(session, i, &symbol))
			continue;
		*ret_elsewhere |= symbol.is_elsewhere;
		err = raw_symbols_add(raw, symbol.name, symbol.address.value, &symbol.sym,
				      symbol.section);
	}
	return err;
}

/* libdwfl gives .dynsym only where there is no .symtab; yet it may have names of its own. */
static struct error *raw_symbols_add_dynsym(struct raw_symbols *raw, Elf *elf, Elf_Scn *section)
{
	GElf_Shdr header;
	Elf_Data *data = elf_getdata(section, NULL);
	struct error *err = NULL;
	GElf_Sym sym;

	if (data == NULL || gelf_getshdr(section, &header) == NULL)
		return NULL;
	for (int i = 1; err == NULL && gelf_getsym(data, i, &sym) != NULL; i++) {
		const char *name = elf_strptr(elf, header.sh_link, sym.st_name);
		if (name != NULL)
			err = raw_symbols_add(raw, name, sym.st_value, &sym, sym.st_shndx);
	}
	return err;
}

static struct error *raw_symbols_collect(struct raw_symbols *raw, struct dwfl_session *session,
					 enum symbol_kind *ret_kind)
{
	int server_errnum;
	Elf *elf = dwfl_session_elf(session);
	Elf_Scn *section = NULL, *dynsym = NULL;
	bool in_file = false, elsewhere = false;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		if (gelf_getshdr(section, &header) == NULL)
			continue;
		in_file |= header.sh_type == SHT_SYMTAB;
		if (header.sh_type == SHT_DYNSYM)
			dynsym = section;
	}
	struct error *err = raw_symbols_add_session(raw, session, &elsewhere);
	if (in_file)
		*ret_kind = SYMBOLS_OWN;
	else if (elsewhere)
		*ret_kind = dwfl_session_debug_path(session, &server_errnum) != NULL
				    ? SYMBOLS_DEBUG_FILE
				    : SYMBOLS_MINI;
	else
		*ret_kind = raw->count > 0 ? SYMBOLS_EXPORTED : SYMBOLS_NONE;
	if (err == NULL && dynsym != NULL && (in_file || elsewhere))
		err = raw_symbols_add_dynsym(raw, elf, dynsym);
	return err;
}

static int raw_symbol_name_compare(const struct raw_symbol *a, const struct raw_symbol *b)
{
	uint32_t bytes = a->name_bytes < b->name_bytes ? a->name_bytes : b->name_bytes;
	int order = memcmp(a->name, b->name, bytes);

	return order ? order : (a->name_bytes > b->name_bytes) - (a->name_bytes < b->name_bytes);
}

static int raw_symbol_compare(const void *left, const void *right)
{
	const struct raw_symbol *a = left, *b = right;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return raw_symbol_name_compare(a, b);
}

/*
 * Sorts by raw_symbol_compare. Comparing is what costs, and is needed only among the few symbols of
 * one address.
 */
static struct error *raw_symbols_sort(struct raw_symbols *raw)
{
	struct address_key *keys = malloc((raw->count + 1) * sizeof(*keys));
	struct raw_symbol *sorted = malloc((raw->count + 1) * sizeof(*sorted));
	struct error *err = keys && sorted ? NULL : error_no_memory();

	for (size_t i = 0; i < raw->count && err == NULL; i++)
		keys[i] = (struct address_key){ raw->items[i].address, (uint32_t)i };
	if (err == NULL)
		err = address_sort(keys, raw->count);
	if (err != NULL) {
		free(sorted);
		free(keys);
		return err;
	}
	size_t first = 0;
	for (size_t i = 0; i < raw->count; i++) {
		sorted[i] = raw->items[keys[i].index];
		bool is_last = i + 1 == raw->count || keys[i + 1].address != keys[i].address;
		if (is_last && i > first)
			qsort(&sorted[first], i + 1 - first, sizeof(*sorted), raw_symbol_compare);
		if (is_last)
			first = i + 1;
	}
	free(keys);
	free(raw->items);
	raw->items = sorted;
	return NULL;
}

/* Whether one of the names since @first is the same: .symtab and .dynsym share most. */
static bool raw_symbol_is_repeated(const struct raw_symbols *raw, size_t first, size_t index)
{
	/* Equal names have equal ranks, unless their bindings differ: then both stay, harmlessly.
	 */
	return index > first &&
	       raw_symbol_name_compare(&raw->items[index - 1], &raw->items[index]) == 0;
}

static struct error *symtab_allocate(struct symtab *table, const struct raw_symbols *raw)
{
	size_t text_bytes = 0;

	for (size_t i = 0; i < raw->count; i++)
		text_bytes += raw->items[i].name_bytes + 1;
	if (text_bytes > UINT32_MAX || raw->count > UINT32_MAX)
		return error_new(ERR_FORMAT,
				 "its symbol names take %zu MiB, more than any real "
				 "program's",
				 text_bytes >> 20);
	/* At least one item each, so that NULL always means that memory is lacking. */
	table->functions = calloc(raw->count + 1, sizeof(*table->functions));
	table->first_names = calloc(raw->count + 1, sizeof(*table->first_names));
	table->names = calloc(raw->count + 1, sizeof(*table->names));
	table->reach = calloc(raw->count + 1, sizeof(*table->reach));
	table->text = malloc(text_bytes + 1);
	if (table->functions == NULL || table->first_names == NULL || table->names == NULL ||
	    table->reach == NULL || table->text == NULL)
		return error_no_memory();
	return NULL;
}

static void symtab_fill(struct symtab *table, const struct raw_symbols *raw)
{
	size_t text_bytes = 0, first = 0;
	struct function *function = NULL;

	for (size_t i = 0; i < raw->count; i++) {
		const struct raw_symbol *symbol = &raw->items[i];
		if (function == NULL || function->start.value != symbol->address) {
			first = i;
			table->first_names[table->function_count] = (uint32_t)table->name_count;
			function = &table->functions[table->function_count++];
			function->start = taddr(symbol->address);
		}
		if (symbol->size_bytes > function->size_bytes)
			function->size_bytes = symbol->size_bytes;
		function->is_ifunc |= symbol->is_ifunc;
		if (raw_symbol_is_repeated(raw, first, i))
			continue;
		table->names[table->name_count++] = (uint32_t)text_bytes;
		memcpy(table->text + text_bytes, symbol->name, symbol->name_bytes);
		text_bytes += symbol->name_bytes;
		table->text[text_bytes++] = '\0';
	}
	table->first_names[table->function_count] = (uint32_t)table->name_count;
	for (size_t i = 0; i < table->function_count; i++) {
		uint64_t end = table->functions[i].start.value + table->functions[i].size_bytes;
		table->reach[i] = i > 0 && table->reach[i - 1] > end ? table->reach[i - 1] : end;
	}
	table->text_bytes = text_bytes;
}

struct error *symtab_init(struct symtab *table, struct dwfl_session *session,
			  const struct symbol_segment *segments, size_t segment_count,
			  enum symbol_kind *ret_kind)
{
	struct raw_symbols raw = { .segments = segments, .segment_count = segment_count };

	*table = (struct symtab){ 0 };
	struct error *err = raw_symbols_collect(&raw, session, ret_kind);
	if (err == NULL)
		err = symtab_allocate(table, &raw);
	if (err == NULL)
		err = raw_symbols_sort(&raw);
	if (err == NULL)
		symtab_fill(table, &raw);
	free(raw.items);
	if (err != NULL)
		symtab_deinit(table);
	return err;
}

void symtab_deinit(struct symtab *table)
{
	free(table->functions);
	free(table->first_names);
	free(table->names);
	free(table->reach);
	free(table->text);
	*table = (struct symtab){ 0 };
}
