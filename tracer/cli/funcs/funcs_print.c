/* Prints the list of functions; see funcs_print.h. Cli layer. */
#include "tracer/cli/funcs/funcs_print.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/base/utf8.h"
#include "tracer/cli/funcs/funcs_lines.h"
#include "tracer/cli/funcs/funcs_list.h"
#include "tracer/cli/funcs/funcs_missing.h"

enum { FUNCTION_WIDTH_MAX = 60 }; /* columns; longer names stand out of the table */

static unsigned long long funcs_row_bytes(const struct funcs_row *row)
{
	return row->function == NULL ? 0 : row->function->size_bytes;
}

static int column_width(size_t bytes, int width, int width_max)
{
	int needed = bytes < (size_t)width_max ? (int)bytes : width_max;

	return needed > width ? needed : width;
}

static void print_plain_row(const struct funcs_row *row)
{
	fputs_unlocked(row->label, stdout);
	putc_unlocked('\t', stdout);
	fputs_unlocked(row->module, stdout);
	printf("\t%llu\t", funcs_row_bytes(row));
	fputs_unlocked(row->source, stdout);
	putc_unlocked('\n', stdout);
}

/* Most rows are: there may be hundreds of thousands. */
static bool row_is_plain(const struct funcs_row *row)
{
	return text_is_plain(row->label) && text_is_plain(row->module) &&
	       text_is_plain(row->source);
}

/* Names of files and of static probes may hold anything. */
static void print_row(const struct funcs_row *row, bool aligned, int function_width,
		      int module_width)
{
	unsigned long long bytes = funcs_row_bytes(row);

	if (!aligned && row_is_plain(row)) {
		print_plain_row(row);
		return;
	}
	char *label = text_printable(row->label, false);
	char *module = text_printable(row->module, false);
	char *source = text_printable(row->source, false);

	if (label == NULL || module == NULL || source == NULL)
		printf("?\n");
	else if (aligned)
		printf("%-*s  %-*s  %8llu%s%s\n", function_width, label, module_width, module,
		       bytes, source[0] ? "  " : "", source);
	else
		printf("%s\t%s\t%llu\t%s\n", label, module, bytes, source);
	free(label);
	free(module);
	free(source);
}

static struct error *print_rows(const struct funcs_list *list)
{
	bool aligned = isatty(STDOUT_FILENO);
	int function_width = (int)strlen("FUNCTION"), module_width = (int)strlen("MODULE");

	for (size_t i = 0; i < list->count; i++) {
		function_width = column_width(strlen(list->rows[i].label), function_width,
					      FUNCTION_WIDTH_MAX);
		module_width = column_width(strlen(list->rows[i].module), module_width,
					    FUNCTION_WIDTH_MAX);
	}
	if (aligned && list->count > 0)
		printf("%-*s  %-*s  %8s  %s\n", function_width, "FUNCTION", module_width, "MODULE",
		       "BYTES", "SOURCE");
	for (size_t i = 0; i < list->count; i++)
		print_row(&list->rows[i], aligned, function_width, module_width);
	if (fflush(stdout) != 0 || ferror(stdout))
		return error_os(errno, "cannot write the list");
	return NULL;
}

struct error *funcs_print(char *const *paths, size_t count, const struct pattern_set *patterns,
			  const struct symbol_sources *sources)
{
	struct funcs_list list = { .sources = sources };
	struct error *err = funcs_list_read(&list, paths, count, patterns);

	if (err == NULL) {
		funcs_list_find_lines(&list);
		err = print_rows(&list);
	}
	if (err == NULL)
		err = funcs_list_tell_inlined(&list, patterns);
	if (err == NULL)
		err = funcs_list_check_missing(&list, patterns);
	funcs_list_deinit(&list);
	return err;
}
