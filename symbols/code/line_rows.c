/* The lines of functions, on their way from the child that read them; see line_rows.h. Symbols layer. */
#include "symbols/code/line_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/file/symbol_file_private.h"
#include "symbols/lines/dwarf_rows.h"

/* What the child sends first; the arrays follow in this order, then the text. */
struct rows_head {
	uint64_t functions, rows, lines, text_bytes;
};

struct rows_question {
	const struct symbol_file *file;
	struct code_place *places;
	size_t count;
};

/* In a child. */
static struct error *find_rows_in_child(void *context, FILE *out)
{
	const struct rows_question *question = context;
	struct line_rows_found found;
	struct line_reader *reader;

	struct error *err = symbol_file_open_lines(question->file, &reader);
	if (err != NULL)
		return err;
	err = line_reader_find_rows(reader, question->places, question->count, &found);
	if (err == NULL) {
		const struct rows_head head = { found.function_count, found.row_count,
						found.line_count, found.text_bytes };
		fwrite(&head, sizeof(head), 1, out);
		fwrite(found.functions, sizeof(*found.functions), found.function_count, out);
		if (found.row_count > 0)
			fwrite(found.rows, sizeof(*found.rows), found.row_count, out);
		if (found.line_count > 0)
			fwrite(found.lines, sizeof(*found.lines), found.line_count, out);
		if (found.text_bytes > 0)
			fwrite(found.text, 1, found.text_bytes, out);
		line_rows_found_deinit(&found);
	}
	line_reader_close(reader);
	return err;
}

/* Lays @rows out over what was received; false: it is not as long as it says. */
static bool lay_out(struct line_rows *rows, struct rows_head *head)
{
	const char *at = rows->received.data;
	size_t left = rows->received.bytes;

	if (left < sizeof(*head))
		return false;
	memcpy(head, at, sizeof(*head));
	at += sizeof(*head);
	left -= sizeof(*head);
	rows->function_count = head->functions;
	rows->row_count = head->rows;
	rows->line_count = head->lines;
	if (!isolated_take(&at, &left, head->functions, sizeof(*rows->functions),
			   &rows->functions) ||
	    !isolated_take(&at, &left, head->rows, sizeof(*rows->rows), &rows->rows) ||
	    !isolated_take(&at, &left, head->lines, sizeof(*rows->lines), &rows->lines) ||
	    !isolated_take(&at, &left, head->text_bytes, 1, &rows->text) || left != 0)
		return false;
	return head->text_bytes == 0 ? head->rows + head->lines == 0
				     : rows->text[head->text_bytes - 1] == '\0';
}

/* Checks every index that the child sent, and the order of rows. */
static bool is_sound(const struct line_rows *rows, const struct rows_head *head)
{
	for (size_t i = 0; i < rows->function_count; i++) {
		const struct function_lines *function = &rows->functions[i];
		if (function->first_row > head->rows ||
		    function->row_count > head->rows - function->first_row ||
		    function->first_line_text > head->lines ||
		    function->line_text_count > head->lines - function->first_line_text)
			return false;
		if (function->row_count > 0 &&
		    (function->source >= head->text_bytes || function->first_line == 0 ||
		     function->last_line < function->first_line))
			return false;
		const struct line_row *own = rows->rows + function->first_row;
		for (size_t r = 1; r < function->row_count; r++) {
			if (own[r].address.value < own[r - 1].address.value)
				return false;
		}
	}
	for (size_t i = 0; i < rows->line_count; i++) {
		if (rows->lines[i].source >= head->text_bytes ||
		    rows->lines[i].text >= head->text_bytes || rows->lines[i].line == 0)
			return false;
	}
	for (size_t i = 0; i < rows->row_count; i++) {
		if (rows->rows[i].source >= head->text_bytes || rows->rows[i].line == 0)
			return false;
	}
	return true;
}

struct error *symbol_file_line_rows(const struct symbol_file *file,
				    const struct function *const *functions, size_t count,
				    struct line_rows *ret)
{
	struct rows_question question = { .file = file, .count = count };
	struct rows_head head;

	*ret = (struct line_rows){ 0 };
	question.places = calloc(count + 1, sizeof(*question.places));
	if (question.places == NULL)
		return error_no_memory();
	for (size_t i = 0; i < count; i++)
		question.places[i] =
			(struct code_place){ functions[i]->start, functions[i]->size_bytes };
	struct error *err =
		isolate_run(find_rows_in_child, &question, &DWARF_LIMITS, &ret->received);
	free(question.places);
	if (err == NULL &&
	    (!lay_out(ret, &head) || head.functions != count || !is_sound(ret, &head)))
		err = error_new(ERR_FORMAT, "it is damaged: reading it led astray");
	if (err != NULL)
		line_rows_deinit(ret);
	return error_context(err, "cannot read the lines of %s", symbol_file_name(file));
}

void line_rows_deinit(struct line_rows *rows)
{
	isolated_deinit(&rows->received);
	*rows = (struct line_rows){ 0 };
}
