/* The source lines of functions; see funcs_lines.h. Cli layer. */
#include "tracer/cli/funcs/funcs_lines.h"

#include <stdio.h>
#include <string.h>

#include "symbols/dwarf/dwarf_function.h"
#include "tracer/base/log.h"

/* The rows of one file. */
struct row_range {
	const struct funcs_list *list;
	size_t first, end;
};

/* In a child: writes FILE:LINE of each row, or nothing, and a '\0'. */
static struct error *find_lines(void *context, FILE *out)
{
	const struct row_range *range = context;
	const struct funcs_row *rows = range->list->rows;
	const char *path = symbol_file_name(range->list->files[rows[range->first].file]);
	struct line_reader *reader;
	struct error *err = line_reader_open(&(struct elf_place){ path, path, "", 0 },
					     range->list->sources, &reader);

	if (err != NULL)
		return err;
	for (size_t i = range->first; i < range->end; i++) {
		const char *source;
		unsigned line;
		if (rows[i].function != NULL &&
		    line_reader_find(reader, rows[i].function->start, &source, &line))
			fprintf(out, "%s:%u", source, line);
		fputc('\0', out);
	}
	line_reader_close(reader);
	return NULL;
}

static void find_lines_of_file(struct funcs_list *list, size_t first, size_t end)
{
	struct row_range range = { list, first, end };
	size_t file = list->rows[first].file;
	struct isolated *lines = &list->lines[file];
	struct error *err = isolate_run(find_lines, &range, &DWARF_LIMITS, lines);

	if (err != NULL) {
		log_warning("no source lines of %s: %s", symbol_file_name(list->files[file]),
			    error_message(err));
		error_free(err);
		return;
	}
	const char *next = lines->data, *over = next + lines->bytes;
	for (size_t i = first; i < end; i++) {
		const char *zero = memchr(next, '\0', (size_t)(over - next));
		if (zero == NULL)
			return;
		list->rows[i].source = next;
		next = zero + 1;
	}
}

void funcs_list_find_lines(struct funcs_list *list)
{
	size_t first = 0;

	for (size_t i = 1; i <= list->count; i++) {
		if (i < list->count && list->rows[i].file == list->rows[first].file)
			continue;
		find_lines_of_file(list, first, i);
		first = i;
	}
}
