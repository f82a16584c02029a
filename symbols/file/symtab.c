/* The function symbols of one ELF file; see symtab.h. Symbols layer. */
#include "symbols/file/symtab.h"

#include <stdlib.h>
#include <string.h>

#include "symbols/dwarf/dwarf_unnamed.h"
#include "symbols/elf/address_sort.h"
#include "symbols/elf/elf_symbols.h"
#include "symbols/elf/fortran_ada_names.h"

static int elf_symbol_name_compare(const struct elf_symbol *a, const struct elf_symbol *b)
{
	uint32_t bytes = a->name_bytes < b->name_bytes ? a->name_bytes : b->name_bytes;
	int order = memcmp(a->name, b->name, bytes);

	return order ? order : (a->name_bytes > b->name_bytes) - (a->name_bytes < b->name_bytes);
}

static int elf_symbol_compare(const void *left, const void *right)
{
	const struct elf_symbol *a = left, *b = right;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	int order = elf_symbol_name_compare(a, b);
	/* The one that knows its version stays. */
	return order ? order : (a->version == 0) - (b->version == 0);
}

/*
 * Sorts by elf_symbol_compare. Comparing is what costs, and is needed only among the few symbols of
 * one address.
 */
static struct error *elf_symbols_sort(struct elf_symbols *raw)
{
	struct address_key *keys = malloc((raw->count + 1) * sizeof(*keys));
	struct elf_symbol *sorted = malloc((raw->count + 1) * sizeof(*sorted));
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
			qsort(&sorted[first], i + 1 - first, sizeof(*sorted), elf_symbol_compare);
		if (is_last)
			first = i + 1;
	}
	free(keys);
	free(raw->items);
	raw->items = sorted;
	return NULL;
}

/* Whether one of the names since @first is the same: .symtab and .dynsym share most. */
static bool elf_symbol_is_repeated(const struct elf_symbols *raw, size_t first, size_t index)
{
	/* Equal names have equal ranks, unless their bindings differ: then both stay, harmlessly.
	 */
	return index > first &&
	       elf_symbol_name_compare(&raw->items[index - 1], &raw->items[index]) == 0;
}

static struct error *symtab_allocate(struct symtab *table, const struct elf_symbols *raw)
{
	size_t text_bytes = 0;

	for (size_t i = 0; i < raw->count; i++)
		text_bytes += raw->items[i].name_bytes + 1;
	for (size_t i = 0; i < raw->string_count; i++)
		text_bytes += strnlen(raw->strings[i], RAW_NAME_MAX_BYTES) + 1;
	if (text_bytes > UINT32_MAX || raw->count > UINT32_MAX)
		return error_new(ERR_FORMAT,
				 "its symbol names take %zu MiB, more than any real "
				 "program's",
				 text_bytes >> 20);
	/* At least one item each, so that NULL always means that memory is lacking. */
	table->functions = calloc(raw->count + 1, sizeof(*table->functions));
	table->first_names = calloc(raw->count + 1, sizeof(*table->first_names));
	table->names = calloc(raw->count + 1, sizeof(*table->names));
	table->sources = calloc(raw->count + 1, sizeof(*table->sources));
	table->versions = calloc(raw->count + 1, sizeof(*table->versions));
	table->reach = calloc(raw->count + 1, sizeof(*table->reach));
	table->text = malloc(text_bytes + 1);
	if (table->functions == NULL || table->first_names == NULL || table->names == NULL ||
	    table->sources == NULL || table->versions == NULL || table->reach == NULL ||
	    table->text == NULL)
		return error_no_memory();
	return NULL;
}

/* Copies @bytes of a text to the table's; returns where it lies. */
static uint32_t symtab_put(struct symtab *table, size_t *text_bytes, const char *text, size_t bytes)
{
	size_t at = *text_bytes;

	memcpy(table->text + at, text, bytes);
	table->text[at + bytes] = '\0';
	*text_bytes += bytes + 1;
	return (uint32_t)at;
}

/* @offsets gets, for each of raw's strings, where it lies; the empty one is at 0. */
static void symtab_fill(struct symtab *table, const struct elf_symbols *raw, uint32_t *offsets)
{
	size_t text_bytes = 0, first = 0;
	struct function *function = NULL;

	for (size_t i = 0; i < raw->string_count; i++)
		offsets[i] = symtab_put(table, &text_bytes, raw->strings[i],
					strnlen(raw->strings[i], RAW_NAME_MAX_BYTES));

	for (size_t i = 0; i < raw->count; i++) {
		const struct elf_symbol *symbol = &raw->items[i];
		if (function == NULL || function->start.value != symbol->address) {
			first = i;
			table->first_names[table->function_count] = (uint32_t)table->name_count;
			function = &table->functions[table->function_count++];
			function->start = taddr(symbol->address);
			function->is_label = true;
		}
		/* The last of its address. */
		function->is_unnamed = function->is_label && symbol->is_unnamed;
		if (symbol->is_unnamed && !function->is_unnamed)
			continue;
		if (symbol->size_bytes > function->size_bytes)
			function->size_bytes = symbol->size_bytes;
		function->is_ifunc |= symbol->is_ifunc;
		function->is_label &= symbol->is_label;
		if (elf_symbol_is_repeated(raw, first, i) || (symbol->is_unnamed && i > first))
			continue;
		table->sources[table->name_count] = offsets[symbol->source];
		table->versions[table->name_count] = offsets[symbol->version];
		table->names[table->name_count++] =
			symtab_put(table, &text_bytes, symbol->name, symbol->name_bytes);
	}
	table->first_names[table->function_count] = (uint32_t)table->name_count;
	for (size_t i = 0; i < table->function_count; i++) {
		uint64_t end = table->functions[i].start.value + table->functions[i].size_bytes;
		table->reach[i] = i > 0 && table->reach[i - 1] > end ? table->reach[i - 1] : end;
	}
	table->text_bytes = text_bytes;
}

struct error *symtab_init(struct symtab *table, struct dwfl_session *session, bool reads_unnamed,
			  const struct symbol_segment *segments, size_t segment_count,
			  enum symbol_kind *ret_kind)
{
	struct elf_symbols raw = { .segments = segments, .segment_count = segment_count };
	uint32_t *offsets = NULL;

	*table = (struct symtab){ 0 };
	struct error *err = elf_symbols_collect(&raw, session);
	if (err == NULL)
		err = fortran_ada_names_add(&raw);
	if (err == NULL && reads_unnamed)
		err = unnamed_functions_add(&raw, dwfl_session_elf(session));
	if (err == NULL)
		err = symtab_allocate(table, &raw);
	if (err == NULL) {
		offsets = calloc(raw.string_count + 1, sizeof(*offsets));
		err = offsets ? NULL : error_no_memory();
	}
	if (err == NULL)
		err = elf_symbols_sort(&raw);
	if (err == NULL)
		symtab_fill(table, &raw, offsets);
	*ret_kind = raw.kind;
	free(offsets);
	elf_symbols_deinit(&raw);
	if (err != NULL)
		symtab_deinit(table);
	return err;
}

void symtab_deinit(struct symtab *table)
{
	free(table->functions);
	free(table->first_names);
	free(table->names);
	free(table->sources);
	free(table->versions);
	free(table->reach);
	free(table->text);
	*table = (struct symtab){ 0 };
}
