/* Lines with their texts; see embedded_lines.h. Symbols layer. */
#include "symbols/lines/embedded_lines.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

/* Of a function: more lines than any has, and as many of others as can be looked up one by one. */
enum { OWN_LINES_MOST = 10000, OTHER_LINES_MOST = 200, LINE_BYTES_MOST = 400, TAB_COLUMNS = 8 };

void embedded_lines_deinit(struct embedded_lines *embedded)
{
	free(embedded->sources.of_file);
	addr_map_deinit(&embedded->of_source);
	*embedded = (struct embedded_lines){ 0 };
}

struct error *embedded_lines_use(struct embedded_lines *embedded, Dwarf *dwarf, Dwarf_Die *unit,
				 struct source_paths *paths)
{
	Dwarf_Files *files;
	size_t count;

	if (embedded->unit == unit->addr)
		return NULL;
	embedded_lines_deinit(embedded);
	embedded->unit = unit->addr;
	struct error *err = embedded_sources_read(dwarf, unit, &embedded->sources);
	if (err != NULL || dwarf_getsrcfiles(unit, &files, &count) != 0)
		return err;
	for (size_t i = 0; err == NULL && i < count && i < embedded->sources.count; i++) {
		const char *path = dwarf_filesrc(files, i, NULL, NULL);
		uint32_t place;
		if (path == NULL || embedded->sources.of_file[i].text == NULL)
			continue;
		err = source_paths_need(paths, path, &place);
		if (err == NULL)
			err = addr_map_put(&embedded->of_source, (uint64_t)place + 1,
					   (void *)(uintptr_t)(i + 1));
	}
	return err;
}

static const char *text_of(const struct embedded_lines *embedded, uint32_t source)
{
	uintptr_t file = (uintptr_t)addr_map_get(&embedded->of_source, (uint64_t)source + 1);

	return file == 0 ? NULL : embedded->sources.of_file[file - 1].text;
}

/* One line, up to the newline, with its tabs as spaces. */
static struct error *add_line(struct source_paths *paths, struct line_rows_found *found,
			      uint32_t source, uint32_t line, const char *text)
{
	char plain[LINE_BYTES_MOST + TAB_COLUMNS];
	size_t bytes = 0;
	uint32_t place;

	for (; *text != '\n' && *text != '\r' && *text != '\0' && bytes < LINE_BYTES_MOST; text++) {
		if (*text != '\t') {
			plain[bytes++] = *text;
			continue;
		}
		do
			plain[bytes++] = ' ';
		while (bytes % TAB_COLUMNS != 0);
	}
	struct error *err = array_reserve(&found->lines, &found->line_capacity,
					  found->line_count + 1, sizeof(*found->lines));
	if (err == NULL)
		err = source_paths_add(paths, plain, bytes, &place);
	if (err == NULL)
		found->lines[found->line_count++] =
			(struct line_text){ .source = source, .line = line, .text = place };
	return err;
}

/* Lines @first to @last of a file, as far as it has them. */
static struct error *add_lines(struct source_paths *paths, struct line_rows_found *found,
			       uint32_t source, uint32_t first, uint32_t last, const char *text)
{
	struct error *err = NULL;

	for (uint32_t line = 1; err == NULL && line <= last && *text != '\0'; line++) {
		if (line >= first)
			err = add_line(paths, found, source, line, text);
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return err;
}

static struct error *add_others(struct embedded_lines *embedded, struct source_paths *paths,
				struct line_rows_found *found,
				const struct function_lines *function)
{
	struct addr_map known = { 0 };
	struct error *err = NULL;

	for (uint64_t i = 0; err == NULL && i < function->row_count; i++) {
		const struct line_row *row = &found->rows[function->first_row + i];
		const uint64_t key = (uint64_t)row->source << 32 | row->line;
		const char *text = text_of(embedded, row->source);
		bool is_own = row->source == function->source &&
			      row->line >= function->first_line && row->line <= function->last_line;
		if (is_own || text == NULL || addr_map_get(&known, key) != NULL)
			continue;
		if (known.count == OTHER_LINES_MOST)
			break;
		err = addr_map_put(&known, key, found);
		if (err == NULL)
			err = add_lines(paths, found, row->source, row->line, row->line, text);
	}
	addr_map_deinit(&known);
	return err;
}

struct error *embedded_lines_add(struct embedded_lines *embedded, struct source_paths *paths,
				 struct line_rows_found *found, struct function_lines *function)
{
	const char *text = text_of(embedded, function->source);
	struct error *err = NULL;

	function->first_line_text = found->line_count;
	if (embedded->of_source.count == 0)
		return NULL;
	if (text != NULL && function->last_line - function->first_line < OWN_LINES_MOST)
		err = add_lines(paths, found, function->source, function->first_line,
				function->last_line, text);
	if (err == NULL)
		err = add_others(embedded, paths, found, function);
	function->line_text_count = found->line_count - function->first_line_text;
	return err;
}
