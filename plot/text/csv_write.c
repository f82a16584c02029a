/* CSV, written as it comes; see csv_write.h. Plot layer. */
#include "plot/text/csv_write.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "plot/text/number_text.h"
#include "plot/text/stream_check.h"
#include "tracer/base/utf8.h"

void csv_init(struct csv_writer *csv, FILE *out)
{
	*csv = (struct csv_writer){ .out = out };
}

static void begin_cell(struct csv_writer *csv)
{
	if (csv->is_in_row)
		putc_unlocked(',', csv->out);
	csv->is_in_row = true;
}

/* What spreadsheets compute, in its wide form too (OWASP, "CSV Injection"), also behind blanks. */
static bool is_formula(const char *text)
{
	enum { NO_BREAK_SPACE = 0xa0 };
	static const uint32_t signs[] = { '=', '+', '-', '@', 0xff1d, 0xff0b, 0xff0d, 0xff20 };
	size_t bytes = strlen(text), length;
	uint32_t c = 0;

	for (size_t at = 0; at < bytes; at += length) {
		length = utf8_decode(text + at, bytes - at, &c);
		if (length == 0)
			return false;
		if (c != ' ' && c != NO_BREAK_SPACE && !character_is_control(c))
			break;
	}
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (c == signs[i])
			return true;
	}
	return false;
}

void csv_put_text(struct csv_writer *csv, const char *text)
{
	begin_cell(csv);
	if (text == NULL)
		return;
	size_t bytes = strlen(text);
	bool is_computed = is_formula(text);
	/* ';' and a tab separate cells where a comma is the decimal point. */
	bool is_quoted = is_computed || strpbrk(text, ",\"\r\n;\t") != NULL || text[0] == ' ' ||
			 (bytes > 0 && text[bytes - 1] == ' ');
	if (is_quoted)
		putc('"', csv->out);
	if (is_computed)
		putc('\'', csv->out);
	for (size_t at = 0; at < bytes;) {
		uint32_t c;
		size_t length = utf8_decode(text + at, bytes - at, &c);
		if (length == 0 || character_is_bidi(c))
			fputs("\xef\xbf\xbd", csv->out);
		else if (character_is_control(c))
			putc(' ', csv->out);
		else if (c == '"')
			fputs("\"\"", csv->out);
		else
			fwrite(text + at, 1, length, csv->out);
		at += length == 0 ? 1 : length;
	}
	if (is_quoted)
		putc('"', csv->out);
}

/* By hand, as tables may have millions of rows. */
void csv_put_integer(struct csv_writer *csv, int64_t value)
{
	char text[NUMBER_TEXT_BYTES];

	begin_cell(csv);
	fwrite_unlocked(text, 1, number_text_decimal(text, value, 0), csv->out);
}

void csv_put_count(struct csv_writer *csv, uint64_t value)
{
	if (value <= INT64_MAX) {
		csv_put_integer(csv, (int64_t)value);
		return;
	}
	begin_cell(csv);
	fprintf(csv->out, "%" PRIu64, value);
}

void csv_put_number(struct csv_writer *csv, double value)
{
	char text[NUMBER_TEXT_BYTES];

	begin_cell(csv);
	if (!isfinite(value))
		return;
	number_text_double(text, value);
	fputs(text, csv->out);
}

void csv_put_seconds(struct csv_writer *csv, int64_t ns)
{
	char text[NUMBER_TEXT_BYTES];

	begin_cell(csv);
	fwrite_unlocked(text, 1, number_text_seconds(text, ns), csv->out);
}

void csv_put_mib(struct csv_writer *csv, double mib)
{
	char text[NUMBER_TEXT_BYTES];

	begin_cell(csv);
	fwrite_unlocked(text, 1, number_text_mib(text, mib), csv->out);
}

void csv_put_empty(struct csv_writer *csv)
{
	begin_cell(csv);
}

void csv_put_quoted(struct csv_writer *csv, const char *cell)
{
	begin_cell(csv);
	fputs_unlocked(cell, csv->out);
}

void csv_end_row(struct csv_writer *csv)
{
	putc_unlocked('\n', csv->out);
	csv->is_in_row = false;
}

struct error *csv_finish(struct csv_writer *csv, const char *name)
{
	return stream_check(csv->out, name);
}
