/* Finds the functions that funcs lists; see funcs_list.h. Cli layer. */
#include "tracer/cli/funcs/funcs_list.h"

#include <stdlib.h>
#include <string.h>

#include "symbols/usdt/usdt_match.h"
#include "tracer/base/array.h"
#include "tracer/base/heap.h"
#include "tracer/base/log.h"

static struct error *funcs_list_add(struct funcs_list *list, size_t file,
				    const struct function *function, const char *label)
{
	struct error *err =
		array_reserve(&list->rows, &list->capacity, list->count + 1, sizeof(*list->rows));

	if (err != NULL)
		return err;
	const char *name = symbol_file_name(list->files[file]);
	list->rows[list->count++] = (struct funcs_row){ .label = label,
							.module = basename(name),
							.file = file,
							.function = function,
							.source = "" };
	return NULL;
}

static struct error *funcs_list_add_mark(struct funcs_list *list, size_t file, const char *label)
{
	struct error *err = array_reserve(&list->marks, &list->mark_capacity, list->mark_count + 1,
					  sizeof(*list->marks));
	if (err != NULL)
		return err;
	char *kept = strdup(label);
	if (kept == NULL)
		return error_no_memory();
	list->marks[list->mark_count++] = kept;
	return funcs_list_add(list, file, NULL, kept);
}

/* The static probes that patterns ask for. A pair's halves stand there singly, but for marks, which are made in pairs. */
static struct error *funcs_list_add_matched_usdt(struct funcs_list *list, size_t file,
						 const struct pattern_set *patterns)
{
	const struct usdt_table *table = symbol_file_usdt(list->files[file]);
	struct usdt_match *matches;
	size_t count;
	struct error *err = usdt_match_all(list->files[file], patterns, false, &matches, &count);

	for (size_t i = 0; i < count && err == NULL; i++) {
		const struct usdt_match *match = &matches[i];
		list->matched[match->pattern] = true;
		if (!pattern_set_is_mark(patterns, match->pattern))
			err = funcs_list_add(list, file, NULL, usdt_label(table, match->probe));
		else if (match->kind != USDT_LEAVE)
			err = funcs_list_add_mark(list, file, match->label);
	}
	usdt_matches_free(matches, count);
	return err;
}

/* The static probes; with patterns those that they ask for. */
static struct error *funcs_list_add_usdt(struct funcs_list *list, size_t file,
					 const struct pattern_set *patterns)
{
	const struct usdt_table *table = symbol_file_usdt(list->files[file]);
	struct error *err = NULL;

	if (pattern_set_count(patterns) > 0)
		return funcs_list_add_matched_usdt(list, file, patterns);
	for (size_t i = 0; i < table->count && err == NULL; i++)
		err = funcs_list_add(list, file, NULL, usdt_label(table, &table->probes[i]));
	return err;
}

/* Every function, and each of its names: an alias can be asked for as well. */
static struct error *funcs_list_add_all(struct funcs_list *list, size_t file)
{
	size_t count;
	const struct function *functions = symbol_file_functions(list->files[file], &count);
	enum {
		ROW_BYTES = 350
	}; /* about what one takes, with its label and its places in tables */
	struct error *err = NULL;

	heap_expect(count * ROW_BYTES);
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

struct error *funcs_list_read(struct funcs_list *list, char *const *paths, size_t count,
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
	for (size_t i = 0; i < count && err == NULL; i++)
		symbol_store_want(list->store, &(struct elf_place){ paths[i], paths[i], "", 0 });
	if (err == NULL)
		symbol_store_read_wanted(list->store);
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
	if (err == NULL)
		funcs_list_sort(list);
	return err;
}

void funcs_list_deinit(struct funcs_list *list)
{
	for (size_t i = 0; i < list->file_count; i++)
		isolated_deinit(&list->lines[i]);
	free(list->lines);
	free(list->rows);
	free(list->files);
	free(list->matched);
	for (size_t i = 0; i < list->mark_count; i++)
		free(list->marks[i]);
	free(list->marks);
	symbol_store_destroy(list->store);
}
