/* Unit tests of base/profile_format: the table says what mprof-trace.dat(5) says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tracer/base/profile_format.h"

enum { LINE_BYTES = 512 };

static FILE *page;

/* TESTS is set by run_tests.sh; the page lies beside it. */
static int open_page(void **state)
{
	const char *tests = getenv("TESTS");
	char path[4096];

	(void)state;
	snprintf(path, sizeof(path), "%s/../man/mprof-trace.dat.5",
		 tests != NULL ? tests : "tests");
	page = fopen(path, "re");
	return page == NULL;
}

static int close_page(void **state)
{
	(void)state;
	return fclose(page);
}

static bool is_word_or_nothing(enum profile_field_type type)
{
	return type == FIELD_FLAG || type == FIELD_HOW || type == FIELD_HELD;
}

/* "PROC pid ppid time rest", "METRIC name [tree]". */
static void describe(const struct profile_record *record, char text[static LINE_BYTES])
{
	size_t length = (size_t)snprintf(text, LINE_BYTES, "%s", record->word);

	for (size_t i = 0; i < profile_record_fields(record); i++) {
		const struct profile_field *field = &record->fields[i];
		bool is_optional = is_word_or_nothing(field->type);
		length += (size_t)snprintf(text + length, LINE_BYTES - length,
					   is_optional ? " [%s]" : " %s", field->name);
	}
}

/* The same of a line of the page, ".It Ql METRIC Ar name Op Ql tree". False: it lists no record. */
static bool describe_item(char *line, char text[static LINE_BYTES])
{
	static const char start[] = ".It Ql ";
	size_t length = 0;
	bool is_optional = false;
	char *rest;

	if (strncmp(line, start, strlen(start)) != 0 || line[strlen(start)] < 'A' ||
	    line[strlen(start)] > 'Z')
		return false;
	for (char *word = strtok_r(line + strlen(".It "), " \n", &rest); word != NULL;
	     word = strtok_r(NULL, " \n", &rest)) {
		if (strcmp(word, "Op") == 0)
			is_optional = true;
		if (strlen(word) == 2 && strchr("QAO", word[0]) != NULL)
			continue; /* a macro of mdoc(7) */
		length += (size_t)snprintf(text + length, LINE_BYTES - length,
					   is_optional	? " [%s]"
					   : length > 0 ? " %s"
							: "%s",
					   word);
	}
	return true;
}

/* Each record of the page is one of the table, with the same fields, and the other way round. */
static void test_records(void **state)
{
	(void)state;
	bool is_documented[PROFILE_RECORD_KINDS] = { false };
	char line[LINE_BYTES], item[LINE_BYTES], row[LINE_BYTES];

	while (fgets(line, sizeof(line), page) != NULL) {
		size_t kind = 0;
		if (!describe_item(line, item))
			continue;
		for (; kind < PROFILE_RECORD_KINDS; kind++) {
			describe(&profile_records[kind], row);
			if (strcmp(row, item) == 0)
				break;
		}
		if (kind == PROFILE_RECORD_KINDS)
			fail_msg("the page has '%s', the table has not", item);
		is_documented[kind] = true;
	}
	for (size_t kind = 0; kind < PROFILE_RECORD_KINDS; kind++) {
		describe(&profile_records[kind], row);
		if (!is_documented[kind])
			fail_msg("the table has '%s', the page has not", row);
	}
}

static void test_hows(void **state)
{
	(void)state;
	bool is_documented[CALL_ENDS] = { [CALL_RETURNED] = true };
	char line[LINE_BYTES], item[LINE_BYTES];

	while (fgets(line, sizeof(line), page) != NULL) {
		for (size_t how = CALL_RETURNED + 1; how < CALL_ENDS; how++) {
			snprintf(item, sizeof(item), ".It Ql %s\n", profile_how_words[how]);
			is_documented[how] = is_documented[how] || strcmp(line, item) == 0;
		}
	}
	for (size_t how = 0; how < CALL_ENDS; how++)
		assert_true(is_documented[how]);
}

static void test_helds(void **state)
{
	(void)state;
	bool is_documented[CALL_HELDS] = { [CALL_HELD_NONE] = true };
	char line[LINE_BYTES], item[LINE_BYTES];

	while (fgets(line, sizeof(line), page) != NULL) {
		for (size_t held = CALL_HELD_IN; held < CALL_HELDS; held++) {
			snprintf(item, sizeof(item), ".It Ql %s\n", profile_held_words[held]);
			is_documented[held] = is_documented[held] || strcmp(line, item) == 0;
		}
	}
	assert_null(profile_held_words[CALL_HELD_NONE]);
	for (size_t held = 0; held < CALL_HELDS; held++)
		assert_true(is_documented[held]);
}

/* What a reader relies on: a rest is the last field, and behind a word that may be left out come such words alone. */
static void test_shape(void **state)
{
	(void)state;

	for (size_t kind = 0; kind < PROFILE_RECORD_KINDS; kind++) {
		const struct profile_record *record = &profile_records[kind];
		size_t count = profile_record_fields(record);
		assert_non_null(record->word);
		assert_true(count > 0 && count <= PROFILE_FIELDS_MOST && record->needed <= count);
		for (size_t i = 0; i < count; i++) {
			enum profile_field_type type = record->fields[i].type;
			if (type == FIELD_REST || type == FIELD_COMMAND)
				assert_true(i + 1 == count);
			if (type == FIELD_REST || type == FIELD_COMMAND || is_word_or_nothing(type))
				assert_true(record->needed <= i);
			if (i > 0 && is_word_or_nothing(record->fields[i - 1].type))
				assert_true(is_word_or_nothing(type));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_records, open_page, close_page),
		cmocka_unit_test_setup_teardown(test_hows, open_page, close_page),
		cmocka_unit_test_setup_teardown(test_helds, open_page, close_page),
		cmocka_unit_test(test_shape),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
