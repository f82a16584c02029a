/* The rows of functions; see dwarf_rows.h. Symbols layer. */
#include "symbols/lines/dwarf_rows.h"

#include <stdlib.h>
#include <string.h>

#include <dwarf.h>

#include "symbols/dwarf/dwarf_function_private.h"
#include "symbols/dwarf/dwarf_walk.h"
#include "symbols/lines/embedded_lines.h"
#include "symbols/lines/function_die.h"
#include "symbols/lines/row_text.h"
#include "symbols/lines/source_paths.h"
#include "tracer/base/array.h"

struct row_search {
	struct line_reader *reader;
	struct addr_map wanted; /* DWARF's address of a function's start -> its number + 1 */
	Dwarf_Die *dies;	/* of the functions; zeroed: DWARF does not say */
	struct addr_map units;	/* those whose functions are known, by their DIE's address */
	struct source_paths paths;
	struct embedded_lines embedded;
	struct line_rows_found *found;
};

/* The function that is being looked at. */
struct row_function {
	Dwarf_Die *unit; /* that has the lines */
	Dwarf_Lines *lines;
	size_t line_count;
	struct code_ranges code;
	struct inlined_code inlined;
	const char *source; /* of its declaration; NULL: not known */
	unsigned line;
	Dwarf_Addr entry;
	bool takes_all;		    /* none of its rows is a statement */
	struct addr_map statements; /* lines of its own file of which a row is one */
	struct function_lines *ret;
};

static struct error *note_function(void *context, Dwarf_Die *die, int tag)
{
	struct row_search *search = context;
	Dwarf_Addr entry;

	if (tag != DW_TAG_subprogram || !dwarf_entry_of(die, &entry))
		return NULL;
	uintptr_t number = (uintptr_t)addr_map_get(&search->wanted, entry);
	if (number != 0 && search->dies[number - 1].addr == NULL)
		search->dies[number - 1] = *die;
	return NULL;
}

/* Finds the DIEs of all wanted functions of @unit, once. */
static struct error *look_for_functions(struct row_search *search, const Dwarf_Die *unit)
{
	Dwarf_Die functions = *unit;
	uint64_t key = (uintptr_t)unit->addr;

	if (addr_map_get(&search->units, key) != NULL)
		return NULL;
	struct error *err = addr_map_put(&search->units, key, search);
	return err ? err : dwarf_walk_functions(&functions, note_function, search);
}

/* A row that may begin a line, whatever is said of statements. */
struct table_row {
	Dwarf_Addr address;
	const char *source;
	unsigned line;
	bool is_statement, is_prologue_end;
};

static bool table_row_read(struct row_function *function, size_t index, struct table_row *ret)
{
	Dwarf_Line *row = dwarf_onesrcline(function->lines, index);
	bool is_end;
	int line;

	if (dwarf_lineaddr(row, &ret->address) != 0 || dwarf_lineendsequence(row, &is_end) != 0 ||
	    is_end || dwarf_lineno(row, &line) != 0 || line <= 0 ||
	    dwarf_linebeginstatement(row, &ret->is_statement) != 0 ||
	    dwarf_lineprologueend(row, &ret->is_prologue_end) != 0)
		return false;
	ret->source = dwarf_linesrc(row, NULL, NULL);
	ret->line = (unsigned)line;
	return ret->source != NULL;
}

/* The first row at @address or behind it; rows are in order of their addresses. */
static size_t first_row_from(const struct row_function *function, Dwarf_Addr address)
{
	size_t low = 0, high = function->line_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		Dwarf_Addr at = 0;
		if (dwarf_lineaddr(dwarf_onesrcline(function->lines, middle), &at) == 0 &&
		    at < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The next row of the code from *@at on, which begins in @range; false: there is none. */
static bool next_row(struct row_function *function, const struct code_range *range, size_t *at,
		     struct table_row *ret)
{
	while (*at < function->line_count) {
		Dwarf_Addr address;
		if (dwarf_lineaddr(dwarf_onesrcline(function->lines, *at), &address) == 0 &&
		    address >= range->end)
			return false;
		if (table_row_read(function, (*at)++, ret))
			return true;
	}
	return false;
}

static bool is_of_own_file(const struct row_function *function, const struct table_row *row)
{
	return function->source != NULL && row->line >= function->line &&
	       (row->source == function->source || strcmp(row->source, function->source) == 0);
}

static struct error *find_statements(struct row_function *function)
{
	struct table_row row;
	struct error *err = NULL;

	function->takes_all = true;
	for (size_t r = 0; r < function->code.count; r++) {
		const struct code_range *range = &function->code.items[r];
		size_t at = first_row_from(function, range->start);
		while (err == NULL && next_row(function, range, &at, &row)) {
			if (!row.is_statement)
				continue;
			function->takes_all = false;
			if (is_of_own_file(function, &row))
				err = addr_map_put(&function->statements, row.line, function);
		}
	}
	return err;
}

static bool begins_line(const struct row_function *function, const struct table_row *row)
{
	return row->is_statement || function->takes_all ||
	       (is_of_own_file(function, row) &&
		addr_map_get(&function->statements, row->line) == NULL);
}

static struct error *add_row(struct row_search *search, struct row_function *function,
			     const struct table_row *row)
{
	struct line_rows_found *found = search->found;
	const taddr_t address = taddr(row->address - search->reader->bias);
	struct line_row *last = found->row_count > function->ret->first_row
					? &found->rows[found->row_count - 1]
					: NULL;
	uint32_t source;

	struct error *err = source_paths_need(&search->paths, row->source, &source);
	if (err != NULL)
		return err;
	bool is_beside = last != NULL && taddr_equal(last->address, address);
	uint32_t flags =
		ROW_HAS_CODE | (row->is_prologue_end ? ROW_PROLOGUE_END : 0) |
		(row->address == function->entry ? ROW_IS_ENTRY : 0) |
		(code_ranges_hold(&function->inlined.ranges, row->address) ? ROW_IS_INLINED : 0);
	if (is_beside && last->line == row->line && last->source == source) {
		last->flags |= flags;
		return NULL;
	}
	err = array_reserve(&found->rows, &found->row_capacity, found->row_count + 1,
			    sizeof(*found->rows));
	if (err != NULL)
		return err;
	if (is_beside)
		found->rows[found->row_count - 1].flags &= ~(uint32_t)ROW_HAS_CODE;
	found->rows[found->row_count++] = (struct line_row){
		.address = address,
		.line = row->line,
		.source = source,
		.flags = flags,
	};
	return NULL;
}

static struct error *add_rows(struct row_search *search, struct row_function *function)
{
	struct error *err = NULL;
	struct table_row row;

	for (size_t r = 0; r < function->code.count && err == NULL; r++) {
		const struct code_range *range = &function->code.items[r];
		size_t at = first_row_from(function, range->start);
		/* The code of a line that has no statement ends where that of another begins, statement or not. */
		unsigned unstated = 0;
		while (err == NULL && next_row(function, range, &at, &row)) {
			const bool begins = begins_line(function, &row);
			if (!begins && (unstated == 0 || row.line == unstated))
				continue;
			unstated = begins && !row.is_statement ? row.line : 0;
			err = add_row(search, function, &row);
		}
	}
	return err;
}

static struct error *set_text(struct row_search *search, const struct row_function *function)
{
	struct row_text text = { .end_line = function->inlined.end_line };

	if (function->source != NULL) {
		struct error *err =
			source_paths_need(&search->paths, function->source, &text.source);
		if (err != NULL)
			return err;
		text.first_line = function->line;
	}
	row_text_set(&text, search->found, function->ret);
	return NULL;
}

static struct error *add_texts(struct row_search *search, const struct row_function *function)
{
	struct error *err = embedded_lines_use(&search->embedded, search->reader->dwarf,
					       function->unit, &search->paths);

	return err ? err
		   : embedded_lines_add(&search->embedded, &search->paths, search->found,
					function->ret);
}

/* A path of DWARF 5 may be relative to it. */
static const char *compilation_directory(Dwarf_Die *unit)
{
	Dwarf_Attribute attribute;

	return dwarf_attr(unit, DW_AT_comp_dir, &attribute) != NULL ? dwarf_formstring(&attribute)
								    : NULL;
}

static struct error *find_function(struct row_search *search, const struct code_place *place,
				   struct unit_range *unit, Dwarf_Die *die,
				   struct function_lines *ret)
{
	struct row_function function = {
		.entry = place->start.value + search->reader->bias,
		.unit = &unit->unit,
		.ret = ret,
	};
	struct error *err = NULL;

	search->paths.base = compilation_directory(&unit->unit);
	ret->first_row = search->found->row_count;
	if (dwarf_getsrclines(&unit->unit, &function.lines, &function.line_count) != 0)
		return NULL;
	if (die->addr != NULL) {
		if (!function_die_declaration(die, &function.source, &function.line))
			function.source = NULL;
		ret->is_optimised = function_die_is_optimised(&unit->functions, die);
		err = code_ranges_add_die(&function.code, die);
		if (err == NULL)
			err = function_die_inlined(die, function.source, function.line,
						   &function.inlined);
	}
	if (err == NULL && function.code.count == 0)
		err = code_ranges_add(&function.code, function.entry,
				      function.entry + place->size_bytes);
	code_ranges_join(&function.code);
	if (err == NULL)
		err = find_statements(&function);
	if (err == NULL)
		err = add_rows(search, &function);
	ret->row_count = search->found->row_count - ret->first_row;
	if (err == NULL && ret->row_count > 0)
		err = set_text(search, &function);
	if (err == NULL && ret->row_count > 0)
		err = add_texts(search, &function);
	addr_map_deinit(&function.statements);
	free(function.code.items);
	free(function.inlined.ranges.items);
	return err;
}

static struct error *find_all(struct row_search *search, const struct code_place *places,
			      size_t count)
{
	struct line_reader *reader = search->reader;
	struct error *err = NULL;

	for (size_t i = 0; i < count && err == NULL; i++)
		err = addr_map_put(&search->wanted, places[i].start.value + reader->bias,
				   (void *)(uintptr_t)(i + 1));
	for (size_t i = 0; i < count && err == NULL; i++) {
		struct unit_range *range =
			line_reader_range(reader, places[i].start.value + reader->bias);
		if (range == NULL)
			continue;
		err = look_for_functions(search, &range->functions);
		if (err == NULL)
			err = find_function(search, &places[i], range, &search->dies[i],
					    &search->found->functions[i]);
	}
	return err;
}

struct error *line_reader_find_rows(struct line_reader *reader, const struct code_place *places,
				    size_t count, struct line_rows_found *ret)
{
	struct row_search search = { .reader = reader, .found = ret };
	struct error *err = NULL;

	*ret = (struct line_rows_found){ .function_count = count };
	ret->functions = calloc(count + 1, sizeof(*ret->functions));
	search.dies = calloc(count + 1, sizeof(*search.dies));
	if (ret->functions == NULL || search.dies == NULL)
		err = error_no_memory();
	if (err == NULL)
		err = find_all(&search, places, count);
	free(search.dies);
	addr_map_deinit(&search.wanted);
	addr_map_deinit(&search.units);
	embedded_lines_deinit(&search.embedded);
	ret->text = source_paths_finish(&search.paths, &ret->text_bytes);
	if (err != NULL)
		line_rows_found_deinit(ret);
	return err;
}

void line_rows_found_deinit(struct line_rows_found *found)
{
	free(found->functions);
	free(found->rows);
	free(found->lines);
	free(found->text);
	*found = (struct line_rows_found){ 0 };
}
