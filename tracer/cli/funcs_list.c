/* The list that funcs prints; see funcs_list.h. Cli layer. */
#include "tracer/cli/funcs_list.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "symbols/dwarf_function.h"
#include "symbols/symbol_file.h"
#include "symbols/usdt.h"
#include "tracer/base/array.h"
#include "tracer/base/log.h"

enum { FUNCTION_WIDTH_MAX = 60 }; /* columns; longer names stand out of the table */

/* One line of the list. */
struct funcs_row {
	const char *label;  /* the store's */
	const char *module; /* in the path */
	size_t file;
	const struct function *function; /* NULL: a static probe */
	char *source;			 /* FILE:LINE, owned, NULL: not known */
};

struct funcs_list {
	struct symbol_store *store;
	const struct symbol_file **files;
	size_t file_count;
	struct funcs_row *rows;
	size_t count, capacity;
	bool *matched; /* by pattern */
};

static void funcs_list_deinit(struct funcs_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->rows[i].source);
	free(list->rows);
	free(list->files);
	free(list->matched);
	symbol_store_destroy(list->store);
}

static struct error *funcs_list_add(struct funcs_list *list, size_t file,
				    const struct function *function, const char *label)
{
	struct error *err =
		array_reserve(&list->rows, &list->capacity, list->count + 1, sizeof(*list->rows));

	if (err != NULL)
		return err;
	const char *name = symbol_file_name(list->files[file]);
	const char *slash = strrchr(name, '/');
	list->rows[list->count++] = (struct funcs_row){ .label = label,
							.module = slash ? slash + 1 : name,
							.file = file,
							.function = function };
	return NULL;
}

/* The static probes; with patterns those that they ask for. A pair's halves stand there singly. */
static struct error *funcs_list_add_usdt(struct funcs_list *list, size_t file,
					 const struct pattern_set *patterns)
{
	const struct usdt_table *table = symbol_file_usdt(list->files[file]);
	struct usdt_match *matches;
	size_t count;
	struct error *err = usdt_match_all(list->files[file], patterns, &matches, &count);

	for (size_t i = 0; i < count && err == NULL; i++) {
		list->matched[matches[i].pattern] = true;
		err = funcs_list_add(list, file, NULL, matches[i].probe->label);
	}
	usdt_matches_free(matches, count);
	for (size_t i = 0; pattern_set_count(patterns) == 0 && i < table->count && err == NULL; i++)
		err = funcs_list_add(list, file, NULL, table->probes[i].label);
	return err;
}

/* Every function, and each of its names: an alias can be asked for as well. */
static struct error *funcs_list_add_all(struct funcs_list *list, size_t file)
{
	size_t count;
	const struct function *functions = symbol_file_functions(list->files[file], &count);
	struct error *err = NULL;

	for (size_t i = 0; i < count && err == NULL; i++) {
		for (size_t n = 0; err == NULL && !functions[i].is_label; n++) {
			const char *label;
			err = symbol_file_label(list->files[file], &functions[i], n, &label);
			if (err != NULL || label == NULL)
				break;
			err = funcs_list_add(list, file, &functions[i], label);
		}
	}
	return err;
}

static struct error *funcs_list_add_matches(struct funcs_list *list, size_t file,
					    const struct pattern_set *patterns)
{
	struct symbol_match *matches;
	size_t count;
	struct error *err =
		symbol_file_match(list->files[file], patterns, file == 0, &matches, &count);

	for (size_t i = 0; i < count && err == NULL; i++) {
		list->matched[matches[i].pattern] = true;
		err = funcs_list_add(list, file, matches[i].function, matches[i].label);
	}
	free(matches);
	return err;
}

static struct error *funcs_list_read(struct funcs_list *list, char *const *paths, size_t count,
				     const struct pattern_set *patterns)
{
	list->files = calloc(count + 1, sizeof(struct symbol_file *));
	list->matched = calloc(pattern_set_count(patterns) + 1, sizeof(*list->matched));
	if (list->files == NULL || list->matched == NULL)
		return error_no_memory();
	struct error *err = symbol_store_create(&list->store);
	for (size_t i = 0; i < count && err == NULL; i++) {
		err = symbol_store_get(list->store, paths[i], paths[i], &list->files[i]);
		if (err != NULL)
			break;
		list->file_count = i + 1;
		err = pattern_set_count(patterns) > 0 ? funcs_list_add_matches(list, i, patterns)
						      : funcs_list_add_all(list, i);
		if (err == NULL)
			err = funcs_list_add_usdt(list, i, patterns);
	}
	return err;
}

static int funcs_row_compare(const void *left, const void *right)
{
	const struct funcs_row *a = left, *b = right;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	int order = strcmp(a->label, b->label);
	if (order != 0)
		return order;
	return (a->function > b->function) - (a->function < b->function);
}

/* Sorts, and drops what stands there twice: two patterns, or two linker names with one label. */
static void funcs_list_sort(struct funcs_list *list)
{
	size_t kept = 0;

	if (list->count > 0)
		qsort(list->rows, list->count, sizeof(*list->rows), funcs_row_compare);
	for (size_t i = 0; i < list->count; i++) {
		if (kept == 0 || funcs_row_compare(&list->rows[kept - 1], &list->rows[i]) != 0)
			list->rows[kept++] = list->rows[i];
	}
	list->count = kept;
}

/* Fills in FILE:LINE; the rows are sorted by file. What cannot be had is left out, once said. */
static struct error *funcs_list_find_sources(struct funcs_list *list)
{
	struct line_reader *reader = NULL;
	struct error *err = NULL;

	for (size_t i = 0; i < list->count && err == NULL; i++) {
		struct funcs_row *row = &list->rows[i];
		if (i == 0 || list->rows[i - 1].file != row->file) {
			line_reader_close(reader);
			reader = NULL;
			err = line_reader_open(symbol_file_name(list->files[row->file]), &reader);
		}
		const char *source;
		unsigned line;
		if (err == NULL && row->function != NULL &&
		    line_reader_find(reader, row->function->start, &source, &line) &&
		    asprintf(&row->source, "%s:%u", source, line) < 0) {
			row->source = NULL;
			err = error_no_memory();
		}
	}
	line_reader_close(reader);
	return err;
}

static unsigned long long funcs_row_bytes(const struct funcs_row *row)
{
	return row->function == NULL ? 0 : row->function->size_bytes;
}

static int column_width(size_t bytes, int width, int width_max)
{
	int needed = bytes < (size_t)width_max ? (int)bytes : width_max;

	return needed > width ? needed : width;
}

static struct error *funcs_list_print(const struct funcs_list *list)
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
	for (size_t i = 0; i < list->count; i++) {
		const struct funcs_row *row = &list->rows[i];
		const char *source = row->source ? row->source : "";
		if (aligned)
			printf("%-*s  %-*s  %8llu%s%s\n", function_width, row->label, module_width,
			       row->module, funcs_row_bytes(row), row->source ? "  " : "", source);
		else
			printf("%s\t%s\t%llu\t%s\n", row->label, row->module, funcs_row_bytes(row),
			       source);
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		return error_os(errno, "cannot write the list");
	return NULL;
}

/* Writes "'parse' (nearest: parse_line, parser)" to @out. */
static struct error *write_missing(FILE *out, const struct funcs_list *list,
				   const struct pattern_set *patterns, size_t pattern)
{
	struct near_names names = { 0 };
	struct error *err = NULL;
	char *why = NULL;

	for (size_t i = 0; i < list->file_count && err == NULL && why == NULL; i++)
		err = symbol_file_explain(list->files[i], patterns, pattern, i == 0, &why);
	for (size_t i = 0; i < list->file_count && err == NULL; i++)
		err = near_names_gather(&names, list->files[i],
					pattern_set_text(patterns, pattern));
	fprintf(out, "'%s'%s%s", pattern_set_text(patterns, pattern), why ? ": " : "",
		why ? why : "");
	free(why);
	for (size_t i = 0; i < names.count; i++)
		fprintf(out, "%s%s", i == 0 ? " (nearest: " : ", ", names.best[i].name);
	if (names.count > 0)
		fputc(')', out);
	near_names_deinit(&names);
	return err;
}

/* NULL when every pattern matched, else one line that names those that did not. */
static struct error *missing_error(const struct funcs_list *list,
				   const struct pattern_set *patterns)
{
	char *text = NULL;
	size_t bytes, missing = 0;
	FILE *out = open_memstream(&text, &bytes);
	struct error *err = out ? NULL : error_no_memory();

	for (size_t i = 0; i < pattern_set_count(patterns) && err == NULL; i++) {
		if (list->matched[i] || pattern_set_excludes(patterns, i))
			continue;
		fputs(missing++ > 0 ? ", nor " : "", out);
		err = write_missing(out, list, patterns, i);
	}
	if (out != NULL && fclose(out) != 0 && err == NULL)
		err = error_no_memory();
	if (err == NULL && missing > 0) {
		err = error_new(ERR_FAILED, "in %s no function matches %s",
				list->file_count > 1 ? "the program and its libraries"
						     : symbol_file_name(list->files[0]),
				text);
	} else if (err == NULL && list->count == 0) {
		err = error_new(ERR_FAILED, "%s has no function symbols at all: it is stripped",
				symbol_file_name(list->files[0]));
	}
	free(text);
	return err;
}

/* What the list does not show: calls of a function in it that have no entry. */
static struct error *tell_inlined(const struct funcs_list *list, const struct pattern_set *patterns)
{
	struct error *err = NULL;

	for (size_t p = 0; p < pattern_set_count(patterns) && err == NULL; p++) {
		char *text = NULL;
		for (size_t i = 0; i < list->file_count && err == NULL && text == NULL; i++) {
			if (list->matched[p] && !pattern_set_excludes(patterns, p))
				err = symbol_file_inlined(list->files[i], patterns, p, &text);
		}
		if (text != NULL)
			log_info("'%s' is also %s: those calls are not seen",
				 pattern_set_text(patterns, p), text);
		free(text);
	}
	return err;
}

struct error *funcs_list_files(char *const *paths, size_t count, const struct pattern_set *patterns)
{
	struct funcs_list list = { 0 };
	struct error *err = funcs_list_read(&list, paths, count, patterns);

	if (err == NULL) {
		funcs_list_sort(&list);
		err = funcs_list_find_sources(&list);
	}
	if (err == NULL)
		err = funcs_list_print(&list);
	if (err == NULL)
		err = tell_inlined(&list, patterns);
	if (err == NULL)
		err = missing_error(&list, patterns);
	funcs_list_deinit(&list);
	return err;
}
