/* Columns of numbers, and JSON, on their way into a page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plot/html/packer.h"
#include "plot/html/page_text.h"

static char *written;
static size_t written_bytes;

static FILE *begin(void)
{
	FILE *out = open_memstream(&written, &written_bytes);

	assert_non_null(out);
	return out;
}

static void assert_written(FILE *out, const char *expected)
{
	fclose(out);
	assert_string_equal(written, expected);
	free(written);
}

static void differences_are_zigzag(void **state)
{
	(void)state;
	struct packer packer = { 0 };
	static const int64_t numbers[] = { 0, -1, 0, 63, -1, 63, 127 };
	static const unsigned char expected[] = {
		0,    1,    2, 126, 127, 0x80, 1, 0x80, 1, /* 0 -1 +1 +63 -64 +64 +64 */
		4,					   /* a column of its own: 2 */
		0x80, 0x10,				   /* 1 MiB in KiB */
	};

	packer_begin(&packer);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		packer_put(&packer, numbers[i]);
	packer_put_single(&packer, 2);
	packer_begin(&packer);
	packer_put_mib(&packer, 1);
	assert_null(packer.err);
	assert_int_equal(packer.count, sizeof(expected));
	assert_memory_equal(packer.bytes, expected, sizeof(expected));
	packer_deinit(&packer);
}

/* A number that no double holds, and memory that no machine has, stay numbers. */
static void extremes_are_cut(void **state)
{
	(void)state;
	struct packer packer = { 0 };

	packer_begin(&packer);
	packer_put(&packer, INT64_MAX);
	assert_int_equal(packer.last, INT64_C(1) << 52);
	packer_put(&packer, INT64_MIN);
	assert_int_equal(packer.last, -(INT64_C(1) << 52));
	packer_put_mib(&packer, 1e300);
	assert_int_equal(packer.last, INT64_C(1) << 52);
	packer_put_mib(&packer, -1e300);
	assert_int_equal(packer.last, -(INT64_C(1) << 52));
	packer_deinit(&packer);
}

/* What zlib makes of no byte is 78 da 03 00 00 00 00 01 at its best compression. */
static void base64_ends_in_its_marks(void **state)
{
	(void)state;
	struct packer packer = { 0 };
	FILE *out = begin();

	assert_null(packer_write(&packer, out));
	assert_written(out, "eNoDAAAAAAE=");
	packer_deinit(&packer);
}

static void json_ends_no_script(void **state)
{
	(void)state;
	static const char json[] = "{\"a\": \"</script>&\xe2\x80\xa8\xe2\x80\xa9\xe2\x82\xac\"}";
	FILE *out = begin();

	page_text_put_script(out, json, sizeof(json) - 1);
	assert_written(out, "{\"a\": \"\\u003c/script\\u003e\\u0026\\u2028\\u2029\xe2\x82\xac\"}");
}

/* The first bytes of a separator at the end of the text are no separator, and are not read beyond. */
static void text_may_end_anywhere(void **state)
{
	(void)state;
	FILE *out = begin();

	page_text_put_script(out, "\xe2\x80\xa8", 2);
	assert_written(out, "\xe2\x80");
	out = begin();
	page_text_put_script(out, "", 0);
	assert_written(out, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(differences_are_zigzag),   cmocka_unit_test(extremes_are_cut),
		cmocka_unit_test(base64_ends_in_its_marks), cmocka_unit_test(json_ends_no_script),
		cmocka_unit_test(text_may_end_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
