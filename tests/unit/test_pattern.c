/* Unit tests of patterns: how -f splits, what is malformed, which modules are meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "symbols/demangle.h"
#include "symbols/glob.h"
#include "symbols/pattern.h"

static struct pattern_set *set_of(const char *text)
{
	struct pattern_set *set;

	assert_null(pattern_set_create(&set));
	struct error *err = pattern_set_add(set, text);
	if (err != NULL)
		fail_msg("%s", error_message(err));
	return set;
}

static void test_split(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *patterns[5];
	} rows[] = {
		{ "a", { "a" } },
		{ "a,b", { "a", "b" } },
		{ " a , b ", { "a", "b" } },
		{ "f(int,char),g", { "f(int,char)", "g" } },
		{ "m<int,char>::f,g", { "m<int,char>::f", "g" } },
		{ "[a,b]x,g", { "[a,b]x", "g" } },
		{ "/a,b/,g", { "/a,b/", "g" } },
		{ "/a\\/,b/i , g", { "/a\\/,b/i", "g" } },
		{ "operator<,g", { "operator<", "g" } },
		{ "operator<<,g", { "operator<<", "g" } },
		{ "operator>,g", { "operator>", "g" } },
		{ "operator->,g", { "operator->", "g" } },
		{ "operator->*,g", { "operator->*", "g" } },
		{ "operator(),g", { "operator()", "g" } },
		{ "operator()(int,int),g", { "operator()(int,int)", "g" } },
		{ "operator[],g", { "operator[]", "g" } },
		{ "operator,,g", { "operator,", "g" } },
		{ "operator,(A,B),g", { "operator,(A,B)", "g" } },
		{ "operator,", { "operator," } },
		{ "operator <=>,g", { "operator <=>", "g" } },
		{ "operator new[],g", { "operator new[]", "g" } },
		{ "my_operator,g", { "my_operator", "g" } },
		{ "A::operator< <int,char>,g", { "A::operator< <int,char>", "g" } },
		{ "main::{lambda(int,int)#1}::operator(),g",
		  { "main::{lambda(int,int)#1}::operator()", "g" } },
		{ "(anonymous namespace)::f,g", { "(anonymous namespace)::f", "g" } },
		{ "libc.so!f,g", { "libc.so!f", "g" } },
		{ "libc.so!/a,b/,g", { "libc.so!/a,b/", "g" } },
		{ "f(void (*)(int,int)),g", { "f(void (*)(int,int))", "g" } },
		{ "a\\,b,c", { "a\\,b", "c" } },
		{ "std::vector<*", { "std::vector<*" } },
		{ "g,f(*", { "g", "f(*" } },
		{ "f(decltype((a)->b),int),g", { "f(decltype((a)->b),int)", "g" } },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern_set *set = set_of(rows[i].text);
		size_t count = 0;
		while (rows[i].patterns[count] != NULL)
			count++;
		if (pattern_set_count(set) != count)
			fail_msg("'%s' splits into %zu", rows[i].text, pattern_set_count(set));
		for (size_t p = 0; p < count; p++)
			assert_string_equal(pattern_set_text(set, p), rows[i].patterns[p]);
		pattern_set_destroy(set);
	}
}

static void test_malformed(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"",   " ",   ",",  "a,",   ",a", "a,,b", "f(",	 "f)",	"f<int", "a[",	  "/a",
		"//", "/(/", "!f", "lib!", "{a", "a}",	 "/a/x", "f(>", "/a/,",	 "f(*,g", "f<a",
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern_set *set = set_of("kept");
		struct error *err = pattern_set_add(set, rows[i]);
		if (err == NULL)
			fail_msg("'%s' is accepted", rows[i]);
		assert_int_equal(error_code(err), ERR_USAGE);
		assert_int_equal(pattern_set_count(set), 1);
		error_free(err);
		/* Nothing of a list is added when its last pattern is bad. */
		char *list;
		assert_true(asprintf(&list, "good,%s", rows[i]) > 0);
		err = pattern_set_add(set, list);
		assert_non_null(err);
		assert_int_equal(pattern_set_count(set), 1);
		error_free(err);
		free(list);
		pattern_set_destroy(set);
	}
}

static void test_modules(void **state)
{
	(void)state;
	static const struct {
		const char *pattern;
		const char *file;
		bool matches;
	} rows[] = {
		{ "f", "/lib/libc.so.6", true },
		{ "libc.so.6!f", "/lib/libc.so.6", true },
		{ "libc.so!f", "/lib/libc.so.6", true },
		{ "libc!f", "/lib/libc.so.6", true },
		{ "libc!f", "libc.so.6", true },
		{ "libc!f", "/lib/libcap.so.2", false },
		{ "lib!f", "/lib/libc.so.6", false },
		{ "libc.so.5!f", "/lib/libc.so.6", false },
		{ "libc!f", "/lib/libc-2.31.so", true },
		{ "libfoo!f", "/lib/libfoo-bar.so", false },
		{ "libpython3!f", "/lib/libpython3.11.so.1.0", true },
		{ "libpython*!f", "/lib/libpython3.11.so.1.0", true },
		{ "*.so*!f", "/lib/libc.so.6", true },
		{ "*.so*!f", "/bin/ls", false },
		{ "ls!f", "/bin/ls", true },
		{ "ls!ns::operator!=", "/bin/ls", true },
		{ "ns::operator!=", "/bin/ls", true },
		{ "f[!a]", "/bin/ls", true },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern_set *set = set_of(rows[i].pattern);
		if (pattern_set_match_module(set, 0, rows[i].file) != rows[i].matches)
			fail_msg("'%s' and %s", rows[i].pattern, rows[i].file);
		pattern_set_destroy(set);
	}
	struct pattern_set *set = set_of("libc!malloc*,/x/,g");
	assert_string_equal(pattern_set_name_text(set, 0), "malloc*");
	assert_true(pattern_set_has_module(set, 0));
	assert_false(pattern_set_is_name(set, 0));
	assert_false(pattern_set_is_name(set, 1));
	assert_true(pattern_set_is_name(set, 2));
	pattern_set_destroy(set);
}

/* Many stars, and a name that almost matches: a naive matcher would never end. */
static void test_glob_is_not_exponential(void **state)
{
	(void)state;
	char text[4001];

	memset(text, 'a', 4000);
	text[4000] = '\0';
	assert_false(glob_match("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", text, 4000));
	assert_true(glob_match("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*", text, 4000));
	assert_true(glob_match("[", "[", 1));
	assert_false(glob_match("[]", "a", 1));
	assert_true(glob_match("", "", 0));
	assert_false(glob_match("a", "", 0));
}

/* Whatever is typed, nothing is read or written out of bounds, and the forms of a name end. */
static void test_garbage(void **state)
{
	(void)state;
	static const char bytes[] = "ab:<>()[]{},!/*?\\ operator~&-=.\xC3\xA9";
	srandom(7);
	for (int round = 0; round < 20000; round++) {
		char text[24], name[24];
		size_t length = (size_t)random() % sizeof(text);
		for (size_t i = 0; i < sizeof(text); i++) {
			text[i] = bytes[(size_t)random() % (sizeof(bytes) - 1)];
			name[i] = bytes[(size_t)random() % (sizeof(bytes) - 1)];
		}
		text[length] = name[sizeof(name) - 1] = '\0';
		struct pattern_set *set;
		assert_null(pattern_set_create(&set));
		struct error *err = pattern_set_add(set, text);
		if (err != NULL)
			assert_int_equal(error_code(err), ERR_USAGE);
		for (size_t i = 0; i < pattern_set_count(set); i++) {
			(void)pattern_set_match(set, i, name, name);
			(void)pattern_set_match_module(set, i, name);
		}
		/* A name written as it is always matches itself. */
		if (err == NULL && pattern_set_count(set) == 1 && pattern_set_is_name(set, 0) &&
		    !pattern_set_has_module(set, 0)) {
			const char *self = pattern_set_text(set, 0);
			if (!linkage_name_is_cold(self) && !pattern_set_match(set, 0, self, self))
				fail_msg("'%s' does not match itself", self);
		}
		error_free(err);
		pattern_set_destroy(set);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split),	cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_modules), cmocka_unit_test(test_glob_is_not_exponential),
		cmocka_unit_test(test_garbage),
	};
	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
