/* File and line from DWARF; see dwarf_function.h. Symbols layer. */
#include "symbols/dwarf_function.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "symbols/dwfl_session.h"
#include "tracer/base/array.h"

/* Code of one compilation unit, in DWARF's addresses. */
struct unit_range {
	Dwarf_Addr start, end;
	Dwarf_Die unit;
};

struct line_reader {
	struct dwfl_session *session;
	uint64_t bias;		   /* DWARF's address less the file's */
	struct unit_range *ranges; /* by start */
	size_t count, capacity;
};

static struct error *line_reader_add_unit(struct line_reader *reader, Dwarf_Die *unit)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;
	struct error *err = NULL;

	while (err == NULL && (at = dwarf_ranges(unit, at, &base, &start, &end)) > 0) {
		err = array_reserve(&reader->ranges, &reader->capacity, reader->count + 1,
				    sizeof(*reader->ranges));
		if (err == NULL)
			reader->ranges[reader->count++] = (struct unit_range){ start, end, *unit };
	}
	return err;
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
static struct error *line_reader_index(struct line_reader *reader)
{
	Dwarf *dwarf = dwfl_session_dwarf(reader->session, &reader->bias);
	Dwarf_CU *unit = NULL;
	struct error *err = NULL;
	Dwarf_Die die;

	if (dwarf == NULL)
		return NULL;
	while (err == NULL && dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
		err = line_reader_add_unit(reader, &die);
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
		err = line_reader_index(reader);
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
	free(reader->ranges);
	dwfl_session_close(reader->session);
	free(reader);
}

static struct unit_range *line_reader_range(struct line_reader *reader, Dwarf_Addr address)
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
