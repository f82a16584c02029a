/* The list that funcs prints; see funcs_list.h. Cli layer. */
#include "tracer/cli/funcs_list.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "symbols/dwarf/dwarf_function.h"
#include "symbols/elf/isolate.h"
#include "symbols/file/symbol_file.h"
#include "symbols/file/usdt.h"
#include "tracer/base/array.h"
#include "tracer/base/log.h"

enum { FUNCTION_WIDTH_MAX = 60 }; /* columns; longer names stand out of the table */

/* One line of the list. */
struct funcs_row {
	const char *label;  /* the store's */
	const char *module; /* in the path */
	size_t file;
	const struct function *function; /* NULL: a static probe */
	const char *source;		 /* FILE:LINE, the list's; "": not known */
};

struct funcs_list {
	struct symbol_store *store;
	const struct symbol_sources *sources;
	const struct symbol_file **files;
	struct isolated *lines; /* by file: what the rows' @source lie in */
	size_t file_count;
	struct funcs_row *rows;
	size_t count, capacity;
	bool *matched; /* by pattern */
};

static void funcs_list_deinit(struct funcs_list *list)
{
	for (size_t i = 0; i < list->file_count; i++)
		isolated_deinit(&list->lines[i]);
	free(list->lines);
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
							.function = function,
							.source = "" };
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
		err = funcs_list_add(list, file, NULL, usdt_label(table, matches[i].probe));
	}
	usdt_matches_free(matches, count);
	for (size_t i = 0; pattern_set_count(patterns) == 0 && i < table->count && err == NULL; i++)
		err = funcs_list_add(list, file, NULL, usdt_label(table, &table->probes[i]));
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

/* With -v: where its functions come from, and where more could come from. */
static struct error *describe_file(const struct symbol_file *file)
{
	char *description = NULL, *advice = NULL;
	struct error *err = symbol_file_describe(file, &description);

	if (err == NULL)
		err = symbol_file_advise(file, &advice);
	if (err == NULL)
		log_debug("%s: %s", symbol_file_name(file), description);
	if (err == NULL && advice[0] != '\0')
		log_debug("%s", advice);
	free(description);
	free(advice);
	return err;
}

static struct error *funcs_list_read(struct funcs_list *list, char *const *paths, size_t count,
				     const struct pattern_set *patterns)
{
	list->files = calloc(count + 1, sizeof(struct symbol_file *));
	list->lines = calloc(count + 1, sizeof(*list->lines));
	list->matched = calloc(pattern_set_count(patterns) + 1, sizeof(*list->matched));
	if (list->files == NULL || list->lines == NULL || list->matched == NULL)
		return error_no_memory();
	struct symbol_sources sources = *list->sources;
	sources.reads_unnamed = pattern_set_has_addresses(patterns);
	struct error *err = symbol_store_create(&list->store);
	if (err == NULL)
		symbol_store_set_sources(list->store, &sources);
	for (size_t i = 0; i < count && err == NULL; i++) {
		size_t file = list->file_count;
		err = symbol_store_get(list->store, paths[i], paths[i], &list->files[file]);
		if (err != NULL && list->file_count > 0) {
			log_warning("%s", error_message(err));
			error_free(err);
			err = NULL;
			continue;
		}
		if (err != NULL || list->files[file] == NULL)
			continue;
		list->file_count++;
		err = describe_file(list->files[file]);
		if (err == NULL)
			err = pattern_set_count(patterns) > 0
				      ? funcs_list_add_matches(list, file, patterns)
				      : funcs_list_add_all(list, file);
		if (err == NULL)
			err = funcs_list_add_usdt(list, file, patterns);
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

/* DWARF of large programs takes its time; a minute is too long for any. */
static const struct isolate_limits LINES_LIMITS = { .cpu_s = 60, .memory_bytes = 4ULL << 30 };

static void funcs_list_find_lines(struct funcs_list *list, size_t first, size_t end)
{
	struct row_range range = { list, first, end };
	size_t file = list->rows[first].file;
	struct isolated *lines = &list->lines[file];
	struct error *err = isolate_run(find_lines, &range, &LINES_LIMITS, lines);

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

/* Fills in FILE:LINE; the rows are sorted by file. What cannot be had is left out, once said. */
static void funcs_list_find_sources(struct funcs_list *list)
{
	size_t first = 0;

	for (size_t i = 1; i <= list->count; i++) {
		if (i < list->count && list->rows[i].file == list->rows[first].file)
			continue;
		funcs_list_find_lines(list, first, i);
		first = i;
	}
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
		const char *source = row->source;
		if (aligned)
			printf("%-*s  %-*s  %8llu%s%s\n", function_width, row->label, module_width,
			       row->module, funcs_row_bytes(row), source[0] ? "  " : "", source);
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

	if (pattern_set_left_out(patterns, pattern)) {
		fprintf(out, "'%s': all that it matches is left out by '!' patterns",
			pattern_set_text(patterns, pattern));
		return NULL;
	}
	for (size_t i = 0; i < list->file_count && err == NULL && why == NULL; i++)
		err = symbol_file_explain(list->files[i], patterns, pattern, i == 0, false, &why);
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
		err = error_new(ERR_FAILED, "%s has no function symbols at all",
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

/* What was not found may be in the first file, if that is stripped. */
static struct error *add_advice(struct error *err, const struct funcs_list *list)
{
	char *advice = NULL;

	if (err == NULL || list->file_count == 0)
		return err;
	struct error *advice_err = symbol_file_advise(list->files[0], &advice);
	if (advice_err == NULL && advice[0] != '\0') {
		struct error *whole =
			error_new(error_code(err), "%s; %s", error_message(err), advice);
		error_free(err);
		err = whole;
	}
	error_free(advice_err);
	free(advice);
	return err;
}

struct error *funcs_list_files(char *const *paths, size_t count, const struct pattern_set *patterns,
			       const struct symbol_sources *sources)
{
	struct funcs_list list = { .sources = sources };
	struct error *err = funcs_list_read(&list, paths, count, patterns);

	if (err == NULL) {
		funcs_list_sort(&list);
		funcs_list_find_sources(&list);
	}
	if (err == NULL)
		err = funcs_list_print(&list);
	if (err == NULL)
		err = tell_inlined(&list, patterns);
	if (err == NULL)
		err = add_advice(missing_error(&list, patterns), &list);
	funcs_list_deinit(&list);
	return err;
}
