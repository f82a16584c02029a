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

/* The symbols in an order: numbers of @items. */
struct symbol_order {
	const struct elf_symbol *items;
	struct address_key *keys; /* owned */
	size_t count;
};

static const struct elf_symbol *symbol_in_order(const struct symbol_order *order, size_t index)
{
	return &order->items[order->keys[index].index];
}

/* Of keys with one address. */
static int elf_symbol_compare(const void *left, const void *right, void *items)
{
	const struct elf_symbol *a =
		(const struct elf_symbol *)items + ((const struct address_key *)left)->index;
	const struct elf_symbol *b =
		(const struct elf_symbol *)items + ((const struct address_key *)right)->index;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	int order = elf_symbol_name_compare(a, b);
	/* Of two equal names the one with a version comes first, and stays. */
	return order ? order : (a->version == 0) - (b->version == 0);
}

/*
 * By address, then by elf_symbol_compare. Comparing names is expensive, and is needed only among the few
 * symbols of one address. The symbols stay where they are: moving them touches as much memory again.
 */
static struct error *symbol_order_init(struct symbol_order *order,
				       const struct elf_symbols *symbols)
{
	size_t first = 0;

	*order = (struct symbol_order){ .items = symbols->items, .count = symbols->count };
	order->keys = malloc((symbols->count + 1) * sizeof(*order->keys));
	if (order->keys == NULL)
		return error_no_memory();
	for (size_t i = 0; i < symbols->count; i++)
		order->keys[i] = (struct address_key){ symbols->items[i].address, (uint32_t)i };
	struct error *err = address_sort(order->keys, symbols->count);
	for (size_t i = 1; err == NULL && i <= symbols->count; i++) {
		if (i < symbols->count && order->keys[i].address == order->keys[first].address)
			continue;
		if (i - first > 1)
			qsort_r(&order->keys[first], i - first, sizeof(*order->keys),
				elf_symbol_compare, symbols->items);
		first = i;
	}
	return err;
}

/* Whether one of the names since @first is the same: .symtab and .dynsym share most. */
static bool elf_symbol_is_repeated(const struct symbol_order *order, size_t first, size_t index)
{
	/* Equal names have equal ranks, unless their bindings differ: then both stay, harmlessly.
	 */
	return index > first && elf_symbol_name_compare(symbol_in_order(order, index - 1),
							symbol_in_order(order, index)) == 0;
}

static struct error *symtab_allocate(struct symtab *table, const struct elf_symbols *symbols)
{
	size_t text_bytes = 0;

	for (size_t i = 0; i < symbols->count; i++)
		text_bytes += symbols->items[i].name_bytes + 1;
	for (size_t i = 0; i < symbols->string_count; i++)
		text_bytes += strnlen(symbols->strings[i], SYMBOL_NAME_MAX_BYTES) + 1;
	if (text_bytes > UINT32_MAX || symbols->count > UINT32_MAX)
		return error_new(ERR_FORMAT,
				 "its symbol names take %zu MiB, more than any real "
				 "program's",
				 text_bytes >> 20);
	/*
	 * At least one item each, so that NULL always means that memory is lacking. Not cleared: there
	 * are fewer functions than symbols, and what is not touched takes no memory.
	 */
	table->functions = malloc((symbols->count + 1) * sizeof(*table->functions));
	table->first_names = malloc((symbols->count + 1) * sizeof(*table->first_names));
	table->names = malloc((symbols->count + 1) * sizeof(*table->names));
	table->sources = malloc((symbols->count + 1) * sizeof(*table->sources));
	table->versions = malloc((symbols->count + 1) * sizeof(*table->versions));
	table->reach = malloc((symbols->count + 1) * sizeof(*table->reach));
	table->text = malloc(text_bytes + 1);
	if (table->functions == NULL || table->first_names == NULL || table->names == NULL ||
	    table->sources == NULL || table->versions == NULL || table->reach == NULL ||
	    table->text == NULL)
		return error_no_memory();
	table->functions[0] = (struct function){ 0 };
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

/* @offsets gets, for each of the strings of @symbols, where it lies; the empty one is at 0. */
static void symtab_fill(struct symtab *table, const struct elf_symbols *symbols,
			const struct symbol_order *order, uint32_t *offsets)
{
	size_t text_bytes = 0, first = 0;
	struct function *function = NULL;

	for (size_t i = 0; i < symbols->string_count; i++)
		offsets[i] = symtab_put(table, &text_bytes, symbols->strings[i],
					strnlen(symbols->strings[i], SYMBOL_NAME_MAX_BYTES));

	for (size_t i = 0; i < order->count; i++) {
		const struct elf_symbol *symbol = symbol_in_order(order, i);
		if (function == NULL || function->start.value != symbol->address) {
			first = i;
			table->first_names[table->function_count] = (uint32_t)table->name_count;
			function = &table->functions[table->function_count++];
			memset(function, 0, sizeof(*function)); /* its padding, too: it is sent */
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
		if (elf_symbol_is_repeated(order, first, i) || (symbol->is_unnamed && i > first))
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
	struct elf_symbols symbols = { .segments = segments, .segment_count = segment_count };
	struct symbol_order order = { 0 };
	uint32_t *offsets = NULL;

	*table = (struct symtab){ 0 };
	struct error *err = elf_symbols_collect(&symbols, session);
	if (err == NULL)
		err = fortran_ada_names_add(&symbols);
	if (err == NULL && reads_unnamed)
		err = unnamed_functions_add(&symbols, dwfl_session_elf(session));
	if (err == NULL)
		err = symtab_allocate(table, &symbols);
	if (err == NULL) {
		offsets = calloc(symbols.string_count + 1, sizeof(*offsets));
		err = offsets ? NULL : error_no_memory();
	}
	if (err == NULL)
		err = symbol_order_init(&order, &symbols);
	if (err == NULL)
		symtab_fill(table, &symbols, &order, offsets);
	*ret_kind = symbols.kind;
	free(offsets);
	free(order.keys);
	elf_symbols_deinit(&symbols);
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
