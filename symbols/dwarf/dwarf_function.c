/* File and line from DWARF; see dwarf_function.h. Symbols layer. */
#include "symbols/dwarf/dwarf_function.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <dwarf.h>

#include "symbols/dwarf/dwarf_function_private.h"
#include "symbols/dwarf/dwarf_walk.h"
#include "tracer/base/array.h"
#include "tracer/base/log.h"

static struct error *line_reader_add_unit(struct line_reader *reader, Dwarf_Die *unit,
					  const Dwarf_Die *functions)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;
	struct error *err = NULL;

	while (err == NULL && (at = dwarf_ranges(unit, at, &base, &start, &end)) > 0) {
		err = array_reserve(&reader->ranges, &reader->capacity, reader->count + 1,
				    sizeof(*reader->ranges));
		if (err == NULL)
			reader->ranges[reader->count++] =
				(struct unit_range){ start, end, *unit, *functions };
	}
	return err;
}

bool line_reader_next_unit(const struct line_reader *reader, Dwarf_CU **unit, Dwarf_Die *ret_lines,
			   Dwarf_Die *ret_functions)
{
	Dwarf_Die split;

	do {
		if (reader->dwarf == NULL ||
		    dwarf_get_units(reader->dwarf, *unit, unit, NULL, NULL, ret_lines, &split) != 0)
			return false;
		/* A partial unit of dwz has the lines of several units, but no code. */
	} while (dwarf_tag(ret_lines) == DW_TAG_partial_unit);
	/* The tag of a DIE that is not there is 0. */
	*ret_functions = dwarf_tag(&split) == DW_TAG_compile_unit ? split : *ret_lines;
	return true;
}

static int unit_range_compare(const void *left, const void *right)
{
	const struct unit_range *a = left, *b = right;

	return (a->start > b->start) - (a->start < b->start);
}

/*
 * Asks the units themselves where their code is: .debug_aranges, the index for it, is optional, and
 * clang leaves it out.
 */
static struct error *line_reader_index(struct line_reader *reader, const char *path)
{
	Dwarf_CU *unit = NULL;
	struct error *err = NULL;
	Dwarf_Die die, functions;

	log_debug("reading the debugging information of %s", path);
	reader->dwarf = dwfl_session_dwarf(reader->session, &reader->bias);
	while (err == NULL && line_reader_next_unit(reader, &unit, &die, &functions))
		err = line_reader_add_unit(reader, &die, &functions);
	if (err == NULL && reader->count > 0)
		qsort(reader->ranges, reader->count, sizeof(*reader->ranges), unit_range_compare);
	return err;
}

struct error *line_reader_open(const struct elf_place *place, const struct symbol_sources *sources,
			       struct line_reader **ret)
{
	int fd = open(place->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return error_os(errno, "cannot open %s", place->name);

	struct line_reader *reader = calloc(1, sizeof(*reader));
	if (reader == NULL) {
		close(fd);
		return error_no_memory();
	}
	struct error *err = dwfl_session_open(fd, place, sources, &reader->session);
	if (err == NULL)
		err = line_reader_index(reader, place->name);
	if (err != NULL) {
		line_reader_close(reader);
		return error_context(err, "cannot read %s", place->name);
	}
	*ret = reader;
	return NULL;
}

void line_reader_close(struct line_reader *reader)
{
	if (reader == NULL)
		return;
	addr_map_deinit(&reader->declarations);
	addr_map_deinit(&reader->units_declared);
	if (reader->eh_frame != NULL)
		dwarf_cfi_end(reader->eh_frame);
	free(reader->ranges);
	dwfl_session_close(reader->session);
	free(reader);
}

struct unit_range *line_reader_range(struct line_reader *reader, Dwarf_Addr address)
{
	size_t low = 0, high = reader->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (reader->ranges[middle].start > address)
			high = middle;
		else
			low = middle + 1;
	}
	if (low == 0 || address >= reader->ranges[low - 1].end)
		return NULL;
	return &reader->ranges[low - 1];
}

bool line_reader_find(struct line_reader *reader, taddr_t address, const char **ret_source,
		      unsigned *ret_line)
{
	Dwarf_Addr wanted = address.value + reader->bias;
	struct unit_range *range = line_reader_range(reader, wanted);
	Dwarf_Line *row = range ? dwarf_getsrc_die(&range->unit, wanted) : NULL;
	const char *source = row ? dwarf_linesrc(row, NULL, NULL) : NULL;
	int line = 0;

	/* Line 0: code that stands for no line (DWARF 5, 6.2.2). */
	if (source == NULL || dwarf_lineno(row, &line) != 0 || line <= 0)
		return false;
	*ret_source = source;
	*ret_line = (unsigned)line;
	return true;
}

/* A unit whose functions' declarations are being noted. */
struct declaring {
	struct line_reader *reader;
	Dwarf_Die unit;
};

static struct error *note_declaration(void *context, Dwarf_Die *die, int tag)
{
	struct declaring *declaring = context;
	Dwarf_Addr entry;

	if (tag != DW_TAG_subprogram || !dwarf_entry_of(die, &entry))
		return NULL;
	const char *source = dwarf_source_of(&declaring->unit, die, DW_AT_decl_file);
	return source ? addr_map_put(&declaring->reader->declarations, entry, (void *)source)
		      : NULL;
}

struct error *line_reader_find_declaration(struct line_reader *reader, taddr_t address,
					   const char **ret)
{
	Dwarf_Addr wanted = address.value + reader->bias;
	const struct unit_range *range = line_reader_range(reader, wanted);
	struct error *err = NULL;

	*ret = NULL;
	if (range == NULL)
		return NULL;
	uint64_t key = (uintptr_t)range->functions.addr;
	if (addr_map_get(&reader->units_declared, key) == NULL) {
		struct declaring declaring = { reader, range->functions };
		err = addr_map_put(&reader->units_declared, key, reader);
		if (err == NULL)
			err = dwarf_walk_functions(&declaring.unit, note_declaration, &declaring);
	}
	*ret = addr_map_get(&reader->declarations, wanted);
	return err;
}
