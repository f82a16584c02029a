/*
 * line_rows FILE: where the lines of all functions of an ELF file begin, as symbols/code/line_rows.h has them, for
 * tests that compare it with what other programs say.
 *
 * "F start size first-line last-line source" a function, "R address line flags source" its rows; numbers of addresses
 * are hexadecimal.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "symbols/code/line_rows.h"

static void print(const struct line_rows *rows, const struct function *functions)
{
	for (size_t i = 0; i < rows->function_count; i++) {
		const struct function_lines *lines = &rows->functions[i];
		if (lines->row_count == 0)
			continue;
		printf("F %" PRIx64 " %" PRIx64 " %u %u %s\n", functions[i].start.value,
		       functions[i].size_bytes, lines->first_line, lines->last_line,
		       line_rows_source(rows, lines->source));
		for (uint64_t r = 0; r < lines->row_count; r++) {
			const struct line_row *row = &rows->rows[lines->first_row + r];
			printf("R %" PRIx64 " %u %x %s\n", row->address.value, row->line,
			       row->flags, line_rows_source(rows, row->source));
		}
	}
}

static struct error *run(const char *path, struct symbol_store *store)
{
	const struct symbol_file *file = NULL;
	struct line_rows rows;
	size_t count = 0;

	struct error *err = symbol_store_get(store, path, path, &file);
	if (err != NULL)
		return err;
	const struct function *all = symbol_file_functions(file, &count);
	const struct function **functions = calloc(count + 1, sizeof(functions[0]));
	if (functions == NULL)
		return error_no_memory();
	for (size_t i = 0; i < count; i++)
		functions[i] = &all[i];
	err = symbol_file_line_rows(file, functions, count, &rows);
	free(functions);
	if (err != NULL)
		return err;
	print(&rows, all);
	line_rows_deinit(&rows);
	return NULL;
}

int main(int argc, char **argv)
{
	struct symbol_store *store = NULL;

	if (argc != 2) {
		fprintf(stderr, "usage: line_rows FILE\n");
		return EXIT_FAILURE;
	}
	struct error *err = symbol_store_create(&store);
	if (err == NULL)
		err = run(argv[1], store);
	symbol_store_destroy(store);
	if (err != NULL)
		fprintf(stderr, "line_rows: %s\n", error_message(err));
	int status = err == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
	error_free(err);
	return status;
}
