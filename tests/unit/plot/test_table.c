/* Unit tests of tables, JSON and CSV: for people, for programs, and whatever a text holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plot/text/number_text.h"
#include "plot/text/table.h"
#include "plot/text/table_sort.h"
#include "plot/text/text_columns.h"

static char written[4096];

static FILE *open_written(void)
{
	FILE *out = fmemopen(written, sizeof(written), "w");
	assert_non_null(out);
	return out;
}

struct example_row {
	const char *name;
	int64_t ns;
	double mib;
	unsigned indent;
};

static const struct example_row example[] = {
	{ "ns::inner::first<int>(long)", 1500000000, 2.5, 0 },
	{ "ns::inner::second", 20000, -0.25, 2 },
	{ "ns::inner::third", 0, 0, 0 },
};

static void fill_example(void *data, size_t row, struct table_cell *cells)
{
	const struct example_row *rows = data;

	cells[0] = (struct table_cell){ .is_known = true, .ns = rows[row].ns };
	cells[1] = (struct table_cell){
		.is_known = row != 2,
		.mark = row == 0 ? "~" : NULL,
		.number = rows[row].mib,
	};
	cells[2] = (struct table_cell){ .is_known = true, .count = row * 10000 };
	cells[3] = (struct table_cell){
		.is_known = true,
		.indent = rows[row].indent,
		.text = rows[row].name,
	};
}

static const struct table_column columns[] = {
	{ "total", "total_s", TABLE_DURATION, 0 },
	{ "gained", "gained_mib", TABLE_CHANGE, 1 },
	{ "calls", "calls", TABLE_COUNT, 2 },
	{ "function", "function", TABLE_NAME, 0 },
};

static const struct table table = {
	.columns = columns,
	.column_count = 4,
	.row_count = 3,
	.fill = fill_example,
	.data = (void *)example,
};

static void test_for_people(void **state)
{
	(void)state;
	FILE *out = open_written();
	assert_null(table_print(&table, out, 0));
	fclose(out);
	assert_string_equal(written, "  total      gained   calls  function\n"
				     " 1.50 s   ~+2.5 MiB       0  ns::inner::first<int>(long)\n"
				     "20.0 \xc2\xb5s  \xe2\x88\x92"
				     "256.0 KiB  10.0 k    ns::inner::second\n"
				     "    0 s           -  20.0 k  ns::inner::third\n");
}

/* The namespace goes, then the brackets, then columns. */
static void test_narrow(void **state)
{
	(void)state;
	FILE *out = open_written();
	assert_null(table_print(&table, out, 45));
	fclose(out);
	assert_non_null(strstr(written, "  \xe2\x80\xa6"
					"first<\xe2\x80\xa6>(\xe2\x80\xa6)\n"));
	assert_non_null(strstr(written, "  ns::inner::third\n"));
	out = open_written();
	assert_null(table_print(&table, out, 30));
	fclose(out);
	assert_non_null(strstr(written, "\n(too narrow for: gained,\n calls)\n"));
	char *rest = written;
	for (char *line; (line = strsep(&rest, "\n")) != NULL && line[0] != '(';)
		assert_true(text_columns(line) <= 30);
}

static void fill_long_names(void *data, size_t row, struct table_cell *cells)
{
	static const char *const names[] = {
		"company::storage::Table<int, company::storage::Allocator<int> >::insert(int)",
		"company::storage::Table<long, company::storage::Allocator<long> >::insert(long)",
	};

	(void)data;
	cells[0] = (struct table_cell){ .is_known = true, .text = names[row % 2] };
	cells[1] = (struct table_cell){ .is_known = true, .count = row };
}

/* Instances of one template are told apart, however often each has a row; also before figures, at any width. */
static void test_long_names(void **state)
{
	(void)state;
	static const struct table_column long_columns[] = {
		{ "function", "function", TABLE_NAME, 0 },
		{ "calls", "calls", TABLE_COUNT, 0 },
	};
	static const size_t widths[] = { 0, 40 }, rows[] = { 4, 200000 };

	for (size_t i = 0; i < 2; i++) {
		const struct table many = {
			.columns = long_columns,
			.column_count = 2,
			.row_count = rows[i],
			.fill = fill_long_names,
		};
		char *text = NULL;
		size_t bytes, longest = 0;
		FILE *out = open_memstream(&text, &bytes);
		assert_null(table_print(&many, out, widths[i]));
		fclose(out);
		assert_non_null(strstr(text, "\xe2\x80\xa6Table<int, "));
		assert_non_null(strstr(text, "\xe2\x80\xa6Table<long, "));
		for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL;)
			longest = text_columns(line) > longest ? text_columns(line) : longest;
		assert_in_range(longest, 30, widths[i] > 0 ? widths[i] : 90);
		free(text);
	}
}

/* A name that is to be typed is never shortened: what else there is goes. */
static void test_whole_text(void **state)
{
	(void)state;
	struct table_column whole[4];
	struct table named = table;

	memcpy(whole, columns, sizeof(whole));
	whole[3].kind = TABLE_WHOLE;
	named.columns = whole;
	FILE *out = open_written();
	assert_null(table_print(&named, out, 30));
	fclose(out);
	assert_non_null(strstr(written, "ns::inner::first<int>(long)\n"));
	assert_non_null(strstr(written, "\n(too narrow for: gained,\n calls)\n"));
}

static void test_for_programs(void **state)
{
	(void)state;
	struct csv_writer csv;
	struct json_writer json;
	FILE *out = open_written();
	csv_init(&csv, out);
	table_write_csv(&table, &csv, true);
	assert_null(csv_finish(&csv, "x"));
	fclose(out);
	assert_string_equal(written, "total_s,gained_mib,calls,function\n"
				     "1.5,2.5,0,ns::inner::first<int>(long)\n"
				     "0.00002,-0.25,10000,ns::inner::second\n"
				     "0,,20000,ns::inner::third\n");
	out = open_written();
	json_init(&json, out, 1);
	table_write_json(&table, &json, NULL);
	assert_null(json_finish(&json, "x"));
	fclose(out);
	assert_string_equal(written,
			    "[\n\t{\"total_s\": 1.5, \"gained_mib\": 2.5, \"calls\": 0, "
			    "\"function\": \"ns::inner::first<int>(long)\"},\n"
			    "\t{\"total_s\": 0.00002, \"gained_mib\": -0.25, \"calls\": 10000, "
			    "\"function\": \"ns::inner::second\"},\n"
			    "\t{\"total_s\": 0, \"gained_mib\": null, \"calls\": 20000, "
			    "\"function\": \"ns::inner::third\"}\n]\n");
}

/* Most first, what is not known last; names from the first on; a sorted table can be sorted again. */
static void test_sort(void **state)
{
	(void)state;
	struct table sorted = table;
	size_t *order;
	assert_int_equal(table_find_column(&table, "total_s"), 0);
	assert_int_equal(table_find_column(&table, "total"), 0);
	assert_int_equal(table_find_column(&table, "gained"), 1);
	assert_int_equal(table_find_column(&table, "gained_"), SIZE_MAX);
	assert_int_equal(table_find_column(&table, ""), SIZE_MAX);
	assert_null(table_sort(&table, table_find_column(&table, "calls"), &order));
	static const size_t by_calls[] = { 2, 1, 0 };
	assert_memory_equal(order, by_calls, sizeof(by_calls));
	sorted.order = order;
	size_t *again;
	assert_null(table_sort(&sorted, table_find_column(&table, "gained"), &again));
	static const size_t by_gain[] = { 0, 1, 2 };
	assert_memory_equal(again, by_gain, sizeof(by_gain));
	free(order);
	free(again);
}

static void check_json(const char *text, const char *expected)
{
	struct json_writer json;
	FILE *out = open_written();
	json_init(&json, out, 0);
	json_put_string(&json, NULL, text);
	assert_null(json_finish(&json, "x"));
	fclose(out);
	written[strcspn(written, "\n")] = '\0';
	assert_string_equal(written, expected);
}

static void test_json_texts(void **state)
{
	(void)state;
	check_json("a \"b\" \\ /", "\"a \\\"b\\\" \\\\ /\"");
	check_json("\n\t\r\b\f\x01\x7f", "\"\\n\\t\\r\\b\\f\\u0001\\u007f\"");
	check_json("</script><!-- a<b", "\"\\u003c/script>\\u003c!-- a<b\"");
	check_json("\xff"
		   "\xc3\xa9\xe2\x80\xae\xc2\x9b",
		   "\"\xef\xbf\xbd\xc3\xa9\\u202e\\u009b\"");
	check_json("\xe2\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	check_json(NULL, "null");
}

static void test_json_shape(void **state)
{
	(void)state;
	struct json_writer json;
	FILE *out = open_written();
	json_init(&json, out, 0);
	json_open_object(&json, NULL);
	json_open_array(&json, "empty");
	json_close(&json);
	json_put_bool(&json, "yes", true);
	json_put_integer(&json, "least", INT64_MIN);
	json_put_count(&json, "most", UINT64_MAX);
	json_put_number(&json, "none", 0.0 / 0.0);
	json_put_number(&json, "tenth", 0.1);
	json_put_seconds(&json, "ns", -1);
	json_close(&json);
	assert_null(json_finish(&json, "x"));
	fclose(out);
	assert_string_equal(written,
			    "{\"empty\": [], \"yes\": true, \"least\": -9223372036854775808, "
			    "\"most\": 18446744073709551615, \"none\": null, \"tenth\": 0.1, "
			    "\"ns\": -0.000000001}\n");
}

static void check_csv(const char *text, const char *expected)
{
	struct csv_writer csv;
	FILE *out = open_written();
	csv_init(&csv, out);
	csv_put_text(&csv, text);
	csv_put_text(&csv, NULL);
	csv_end_row(&csv);
	assert_null(csv_finish(&csv, "x"));
	fclose(out);
	assert_string_equal(written, expected);
}

static void test_csv_texts(void **state)
{
	(void)state;
	check_csv("plain", "plain,\n");
	check_csv("f(int, \"x\")", "\"f(int, \"\"x\"\")\",\n");
	check_csv("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\",\n");
	check_csv(" \t@x", "\"'  @x\",\n");
	check_csv("\xef\xbc\x9d"
		  "1",
		  "\"'\xef\xbc\x9d"
		  "1\",\n");
	check_csv("-1", "\"'-1\",\n");
	check_csv("a\nb\x1b[2J\xe2\x80\xae\xff", "\"a b [2J\xef\xbf\xbd\xef\xbf\xbd\",\n");
}

static void test_full_disk(void **state)
{
	(void)state;
	FILE *full = fopen("/dev/full", "w");
	if (full == NULL)
		skip();
	struct error *err = table_print(&table, full, 0);
	assert_non_null(err);
	assert_non_null(strstr(error_message(err), "No space left"));
	error_free(err);
	fclose(full);
}

static void check_seconds(int64_t ns, const char *expected)
{
	char text[NUMBER_TEXT_BYTES];
	number_text_seconds(text, ns);
	assert_string_equal(text, expected);
}

static void test_numbers(void **state)
{
	(void)state;
	check_seconds(0, "0");
	check_seconds(1500000000, "1.5");
	check_seconds(10000000000, "10");
	check_seconds(INT64_MIN, "-9223372036.854775808");
	char text[NUMBER_TEXT_BYTES];
	number_text_double(text, 0.1 + 0.2);
	assert_true(strtod(text, NULL) == 0.1 + 0.2);
	number_text_double(text, 39.0625);
	assert_string_equal(text, "39.0625");
}

static void check_fit(const char *text, size_t width, const char *expected)
{
	char *fit = text_fit_columns(text, width);
	assert_non_null(fit);
	assert_string_equal(fit, expected);
	free(fit);
}

static void test_columns(void **state)
{
	(void)state;
	assert_int_equal(text_columns("a\xc3\xa9"
				      "e\xcc\x81\xe4\xb8\xad\xff"),
			 6);
	check_fit("abcdef", 6, "abcdef");
	check_fit("abcdefg", 6,
		  "abc\xe2\x80\xa6"
		  "fg");
	check_fit("\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad", 5,
		  "\xe4\xb8\xad\xe2\x80\xa6\xe4\xb8\xad");
	check_fit("abc", 1, "\xe2\x80\xa6");
	check_fit("abc", 0, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_for_people), cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_long_names), cmocka_unit_test(test_for_programs),
		cmocka_unit_test(test_json_texts), cmocka_unit_test(test_json_shape),
		cmocka_unit_test(test_csv_texts),  cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_numbers),	   cmocka_unit_test(test_columns),
		cmocka_unit_test(test_whole_text), cmocka_unit_test(test_sort),
	};
	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
