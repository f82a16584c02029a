/* Unit tests of the base layer. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/array.h"
#include "tracer/base/error.h"
#include "tracer/base/utf8.h"

static void test_error_context_goes_in_front(void **state)
{
	(void)state;
	struct error *err = error_context(error_os(ENOENT, "open %s", "x"), "load");
	assert_string_equal(error_message(err), "load: open x: No such file or directory");
	assert_int_equal(error_code(err), ERR_FAILED);
	assert_int_equal(error_errno(err), ENOENT);
	error_free(err);
	assert_null(error_context(NULL, "nothing"));
}

static void test_esrch_is_gone(void **state)
{
	(void)state;
	struct error *err = error_os(ESRCH, "ptrace");
	assert_int_equal(error_code(err), ERR_GONE);
	error_free(err);
}

/* Against a plain array, with keys that collide (multiples of a page) and many removals. */
static void test_addr_map_agrees_with_array(void **state)
{
	(void)state;
	enum { KEYS = 512, STEPS = 200000 };
	static int values[KEYS];
	void *expected[KEYS] = { NULL };
	struct addr_map map = { 0 };
	size_t count = 0;

	srandom(1);
	for (int step = 0; step < STEPS; step++) {
		size_t k = (size_t)random() % KEYS;
		uint64_t key = k << 32;
		if (random() % 2) {
			count += expected[k] == NULL;
			expected[k] = &values[k];
			assert_null(addr_map_put(&map, key, &values[k]));
		} else {
			count -= expected[k] != NULL;
			assert_ptr_equal(addr_map_remove(&map, key), expected[k]);
			expected[k] = NULL;
		}
		size_t probe = (size_t)random() % KEYS;
		assert_ptr_equal(addr_map_get(&map, probe << 32), expected[probe]);
		assert_int_equal(map.count, count);
	}
	size_t cursor = 0, walked = 0;
	while (addr_map_next(&map, &cursor) != NULL)
		walked++;
	assert_int_equal(walked, count);
	addr_map_deinit(&map);
}

static void test_addr_map_removal_in_a_walk(void **state)
{
	(void)state;
	enum { KEYS = 5000 };
	static int values[KEYS];
	struct addr_map map = { 0 };
	size_t cursor = 0, left = 0;
	const int *value;

	for (uint64_t key = 0; key < KEYS; key++) {
		values[key] = (int)key;
		assert_null(addr_map_put(&map, key << 12, &values[key]));
	}
	while ((value = addr_map_next(&map, &cursor)) != NULL) {
		if (*value % 3 == 0)
			continue;
		assert_ptr_equal(addr_map_remove(&map, (uint64_t)*value << 12), value);
		cursor--;
	}
	for (cursor = 0; (value = addr_map_next(&map, &cursor)) != NULL; left++)
		assert_int_equal(*value % 3, 0);
	assert_int_equal(left, (KEYS + 2) / 3);
	addr_map_deinit(&map);
}

static void test_array_reserve_keeps_items(void **state)
{
	(void)state;
	int *items = NULL;
	size_t capacity = 0;
	for (size_t i = 0; i < 1000; i++) {
		assert_null(array_reserve(&items, &capacity, i + 1, sizeof(*items)));
		items[i] = (int)i;
	}
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(items[i], i);
	free(items);
}

static char told[64];

__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(told, sizeof(told), format, args);
	va_end(args);
}

static void test_error_take_tells_and_frees_one_code(void **state)
{
	(void)state;
	struct error *err = NULL;
	assert_false(error_take(&err, ERR_FORMAT, tell, "of none"));
	err = error_new(ERR_FORMAT, "100%% broken");
	assert_false(error_take(&err, ERR_GONE, tell, "of another code"));
	assert_string_equal(told, "");
	assert_true(error_take(&err, ERR_FORMAT, tell, "file %d", 7));
	assert_null(err);
	assert_string_equal(told, "file 7: 100% broken");
}

static void assert_printable(const char *text, bool keeps_lists, const char *expected)
{
	char *printable = text_printable(text, keeps_lists);
	assert_string_equal(printable, expected);
	free(printable);
}

static void test_what_people_see(void **state)
{
	(void)state;
	assert_printable("caf\xc3\xa9 \xd7\xa9 \xf0\x9f\x98\x80", false,
			 "caf\xc3\xa9 \xd7\xa9 \xf0\x9f\x98\x80");
	assert_printable("a\033[31m\x7f", false, "a\\033[31m\\177");
	assert_printable("a\xe2\x80\xaez\xd8\x9c", false, "a\\u202ez\\u061c");
	assert_printable("\xc2\x9b \xe2\x80\xa8", false, "\\u009b \\u2028");
	assert_printable("\xff\xc3", false, "\\377\\303");
	assert_printable("a:\n  b\nc", true, "a:\n  b\\012c");
	assert_printable("a:\n  b", false, "a:\\012  b");
	/* Bidi_Control in Unicode's PropList, and their neighbours. */
	static const uint32_t firsts[] = { 0x061c, 0x200e, 0x202a, 0x2066 };
	static const uint32_t lasts[] = { 0x061c, 0x200f, 0x202e, 0x2069 };
	for (uint32_t c = 0xa0; c <= 0x10ffff; c++) {
		bool expected = false;
		for (size_t i = 0; i < 4; i++)
			expected |= c >= firsts[i] && c <= lasts[i];
		assert_true(character_is_bidi(c) == expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_error_context_goes_in_front),
		cmocka_unit_test(test_error_take_tells_and_frees_one_code),
		cmocka_unit_test(test_esrch_is_gone),
		cmocka_unit_test(test_addr_map_agrees_with_array),
		cmocka_unit_test(test_addr_map_removal_in_a_walk),
		cmocka_unit_test(test_array_reserve_keeps_items),
		cmocka_unit_test(test_what_people_see),
	};
	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
