/* From a source line to code; see dwarf_function.h. Symbols layer. */
#include <stdlib.h>

#include <dwarf.h>

#include "symbols/dwarf/dwarf_function_private.h"
#include "symbols/dwarf/dwarf_walk.h"
#include "symbols/pattern/source_match.h"
#include "tracer/base/array.h"

struct row_found {
	Dwarf_Addr address;
	Dwarf_Die unit;	    /* the one that has the functions */
	Dwarf_Die function; /* that holds it, inlined ones included; zeroed: DWARF does not say */
};

/* The best line so far, and the addresses of the rows that are made from it. */
struct line_search {
	const char *source;
	unsigned wanted, best; /* best 0: none yet */
	struct row_found *rows;
	size_t count, capacity;
	Dwarf_Die unit; /* whose functions are being looked at */
};

static struct error *line_search_row(struct line_search *search, Dwarf_Line *row,
				     const Dwarf_Die *functions)
{
	Dwarf_Addr address;
	int line;
	bool is_statement, is_end;

	if (dwarf_lineno(row, &line) != 0 || line < (int)search->wanted ||
	    (search->best != 0 && line > (int)search->best))
		return NULL;
	const char *source = dwarf_linesrc(row, NULL, NULL);
	if (source == NULL || !source_match(search->source, source) ||
	    dwarf_lineaddr(row, &address) != 0 ||
	    dwarf_linebeginstatement(row, &is_statement) != 0 || !is_statement ||
	    dwarf_lineendsequence(row, &is_end) != 0 || is_end)
		return NULL;
	if (line != (int)search->best)
		search->count = 0;
	search->best = (unsigned)line;
	struct error *err = array_reserve(&search->rows, &search->capacity, search->count + 1,
					  sizeof(*search->rows));
	if (err == NULL)
		search->rows[search->count++] =
			(struct row_found){ .address = address, .unit = *functions };
	return err;
}

static bool unit_has_source(Dwarf_Die *unit, const char *source)
{
	Dwarf_Files *files;
	size_t count;

	if (dwarf_getsrcfiles(unit, &files, &count) != 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *name = dwarf_filesrc(files, i, NULL, NULL);
		if (name != NULL && source_match(source, name))
			return true;
	}
	return false;
}

bool line_reader_has_source(struct line_reader *reader, const char *source)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die lines, functions;

	while (line_reader_next_unit(reader, &unit, &lines, &functions)) {
		if (unit_has_source(&lines, source))
			return true;
	}
	return false;
}

static struct error *line_search_run(struct line_search *search, const struct line_reader *reader)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die lines, functions;
	Dwarf_Lines *rows;
	size_t count;
	struct error *err = NULL;

	while (err == NULL && line_reader_next_unit(reader, &unit, &lines, &functions)) {
		if (!unit_has_source(&lines, search->source) ||
		    dwarf_getsrclines(&lines, &rows, &count) != 0)
			continue;
		for (size_t i = 0; i < count && err == NULL; i++)
			err = line_search_row(search, dwarf_onesrcline(rows, i), &functions);
	}
	return err;
}

/* Functions come before those that are inlined into them: the last that holds a row is innermost. */
static struct error *visit_function(void *context, Dwarf_Die *die, int tag)
{
	struct line_search *search = context;

	(void)tag;
	for (size_t i = 0; i < search->count; i++) {
		struct row_found *row = &search->rows[i];
		if (row->unit.addr == search->unit.addr && dwarf_haspc(die, row->address) == 1)
			row->function = *die;
	}
	return NULL;
}

/* Sets the functions of all rows; rows of one unit follow each other. */
static struct error *line_search_functions(struct line_search *search)
{
	struct error *err = NULL;

	for (size_t i = 0; i < search->count && err == NULL; i++) {
		if (i > 0 && search->rows[i - 1].unit.addr == search->rows[i].unit.addr)
			continue;
		search->unit = search->rows[i].unit;
		err = dwarf_walk_functions(&search->unit, visit_function, search);
	}
	return err;
}

static struct line_code line_code_of(const struct line_search *search, size_t row, uint64_t bias)
{
	struct line_code code = { .function = "?", .line = search->best };
	Dwarf_Addr address = search->rows[row].address, entry;
	Dwarf_Die function = search->rows[row].function;

	if (function.addr != NULL) {
		const char *name = dwarf_diename(&function);
		code.function = name ? name : "?";
		code.is_inlined = dwarf_tag(&function) == DW_TAG_inlined_subroutine;
		/* A row of the cold part, which lies elsewhere, stands for the function. */
		if (dwarf_entry_of(&function, &entry))
			address = entry;
	}
	code.address = taddr(address - bias);
	return code;
}

struct error *line_reader_find_code(struct line_reader *reader, const char *source, unsigned line,
				    struct line_code **ret, size_t *ret_count)
{
	struct line_search search = { .source = source, .wanted = line };
	size_t count = 0;

	*ret = NULL;
	*ret_count = 0;
	struct error *err = line_search_run(&search, reader);
	if (err == NULL)
		err = line_search_functions(&search);
	struct line_code *code = err ? NULL : calloc(search.count + 1, sizeof(*code));
	if (err == NULL && code == NULL)
		err = error_no_memory();
	for (size_t i = 0; err == NULL && i < search.count; i++) {
		code[count] = line_code_of(&search, i, reader->bias);
		bool is_new = true;
		for (size_t j = 0; j < count && is_new; j++)
			is_new = !taddr_equal(code[j].address, code[count].address);
		count += is_new;
	}
	free(search.rows);
	if (count == 0) {
		free(code);
		return err;
	}
	*ret = code;
	*ret_count = count;
	return NULL;
}
