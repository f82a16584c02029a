/* Unit tests of patterns: how -f splits, what is malformed, which modules are meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "symbols/names/linkage_name.h"
#include "symbols/names/glob.h"
#include "symbols/pattern/pattern.h"
#include "symbols/pattern/source_match.h"

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
		{ "a.c:f,!b.c:/x,y/i,lib!a.c:12", { "a.c:f", "!b.c:/x,y/i", "lib!a.c:12" } },
		{ "/src/a.c:f,/a.c:12,/f/", { "/src/a.c:f", "/a.c:12", "/f/" } },
		{ "!libc.so!mem*,0x1f,!0x20", { "!libc.so!mem*", "0x1f", "!0x20" } },
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
		"a.c:", ":f",	 "a.c:0", "!",	 "!@x",	 "f@",	  "a.c:0x1", "0x11111111111111111",
		"@",	"",	 " ",	  ",",	 "a,",	 ",a",	  "a,,b",    "f(",
		"f)",	"f<int", "a[",	  "/a",	 "//",	 "/(/",	  "!!f",     "lib!",
		"{a",	"a}",	 "/a/x",  "f(>", "/a/,", "f(*,g", "f<a",
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

/* The parts of a pattern, and what kind of thing it asks for. */
static void test_parts(void **state)
{
	(void)state;
	static const struct {
		const char *text, *name, *source, *version;
		unsigned line;
		uint64_t address;
		bool excludes, has_module;
	} rows[] = {
		{ .text = "f", .name = "f" },
		{ .text = "!f", .name = "f", .excludes = true },
		{ .text = "a.c:f", .name = "f", .source = "a.c" },
		{ .text = "src/*.c:ns::f", .name = "ns::f", .source = "src/*.c" },
		{ .text = "/src/a.c:f(int, char)", .name = "f(int, char)", .source = "/src/a.c" },
		{ .text = "!lib!a.c:/x/",
		  .name = "/x/",
		  .source = "a.c",
		  .excludes = true,
		  .has_module = true },
		{ .text = "a.c:12", .name = "12", .source = "a.c", .line = 12 },
		{ .text = "12", .name = "12" },
		{ .text = "0x1f", .name = "0x1f", .address = 0x1f },
		{ .text = "lib!0xABC", .name = "0xABC", .address = 0xabc, .has_module = true },
		{ .text = "0x", .name = "0x" },
		{ .text = "0xfg", .name = "0xfg" },
		{ .text = "memcpy@@GLIBC_2.14",
		  .name = "memcpy@@GLIBC_2.14",
		  .version = "GLIBC_2.14" },
		{ .text = "::f", .name = "::f" },
		{ .text = "a::b::operator()", .name = "a::b::operator()" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern_set *set = set_of(rows[i].text);
		taddr_t address;
		unsigned line;
		const char *source = pattern_set_source(set, 0, &line);
		const char *version = pattern_set_version(set, 0);
		assert_string_equal(pattern_set_name_text(set, 0), rows[i].name);
		assert_string_equal(source ? source : "", rows[i].source ? rows[i].source : "");
		assert_string_equal(version ? version : "", rows[i].version ? rows[i].version : "");
		assert_int_equal(line, rows[i].line);
		assert_int_equal(pattern_set_address(set, 0, &address), rows[i].address != 0);
		assert_int_equal(address.value, rows[i].address);
		assert_int_equal(pattern_set_excludes(set, 0), rows[i].excludes);
		assert_int_equal(pattern_set_has_module(set, 0), rows[i].has_module);
		assert_int_equal(pattern_set_has_name(set, 0),
				 rows[i].line == 0 && rows[i].address == 0);
		pattern_set_destroy(set);
	}
}

static void test_sources(void **state)
{
	(void)state;
	assert_true(source_match("a.c", "a.c"));
	assert_true(source_match("a.c", "/home/src/a.c"));
	assert_true(source_match("src/a.c", "/home/src/a.c"));
	assert_true(source_match("/home/src/a.c", "/home/src/a.c"));
	assert_true(source_match("*.c", "./x/a.c"));
	assert_false(source_match("a.c", "/home/src/ba.c"));
	assert_false(source_match("rc/a.c", "/home/src/a.c"));
	assert_false(source_match("a.c", "a.c/b.c"));
	assert_false(source_match("/a.c", "a.c"));
}

/* What a set asks for among the labels of a profile. */
static void test_labels(void **state)
{
	(void)state;
	static const struct {
		const char *patterns, *label;
		bool wanted;
	} rows[] = {
		{ "helper", "helper", true },
		{ "helper", "a.c:helper", true },
		{ "a.c:helper", "a.c:helper", true },
		{ "b.c:helper", "a.c:helper", false },
		{ "a.c:helper", "helper", true }, /* the label does not say */
		{ "src/a.c:helper", "helper", true },
		{ "help*", "a.c:helper", true },
		{ "a.c:*", "a.c:helper", true },
		{ "libx!helper", "helper", true },
		{ "*,!helper", "helper", false },
		{ "*,!helper", "main", true },
		{ "!main,*", "main", false },
		{ "*,!a.c:*", "b.c:helper", true },
		{ "ns::f", "ns::f(int)", true },
		{ "ns::f", "a.cc:ns::f(int)", true },
		{ "(anonymous namespace)::f", "a.cc:(anonymous namespace)::f()", true },
		{ "other", "helper", false },
		{ "0x12f", "0x12f", true }, /* no symbol names it */
		{ "x!0x012F", "0x12f", true },
		{ "0x12f", "0x12", false },
		{ "0x12f", "helper", false },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern_set *set = set_of(rows[i].patterns);
		assert_null(pattern_set_check_labels(set));
		if (pattern_set_wants_label(set, rows[i].label) != rows[i].wanted)
			fail_msg("'%s' and the label '%s'", rows[i].patterns, rows[i].label);
		pattern_set_destroy(set);
	}
	static const char *const bad[] = { "a.c:12", "f,a.c:12", "!f", "!f,!g" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct pattern_set *set = set_of(bad[i]);
		struct error *err = pattern_set_check_labels(set);
		assert_non_null(err);
		assert_int_equal(error_code(err), ERR_USAGE);
		error_free(err);
		pattern_set_destroy(set);
	}
}

/* @FILE: a pattern a line, comments, lists; what is wrong is said with file and line. */
static void test_file(void **state)
{
	(void)state;
	char path[] = "/tmp/mprof-trace-patterns-XXXXXX", text[64];
	static const char content[] = "# all of it\n\n f\ng,h # two\r\n\t/a#b/\n"
				      "main::{lambda(int)#1}::operator()\n!x";
	static const char *const expected[] = {
		"first", "f", "g", "h", "/a#b/", "main::{lambda(int)#1}::operator()", "!x", "last"
	};
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), strlen(content));
	snprintf(text, sizeof(text), "first, @%s ,last", path);
	struct pattern_set *set = set_of(text);
	assert_int_equal(pattern_set_count(set), sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < pattern_set_count(set); i++)
		assert_string_equal(pattern_set_text(set, i), expected[i]);

	assert_int_equal(write(fd, "\nf(", 3), 3);
	struct error *err = pattern_set_add(set, text);
	assert_non_null(err);
	assert_non_null(strstr(error_message(err), ":8: '(' is never closed"));
	error_free(err);
	assert_int_equal(pattern_set_count(set), sizeof(expected) / sizeof(expected[0]));
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(pwrite(fd, "@other", 6, 0), 6);
	err = pattern_set_add(set, text);
	assert_non_null(strstr(error_message(err), "cannot name another one"));
	error_free(err);
	close(fd);
	remove(path);
	err = pattern_set_add(set, text);
	assert_non_null(strstr(error_message(err), "cannot open"));
	error_free(err);
	err = pattern_set_add(set, "@/dev/zero");
	assert_non_null(strstr(error_message(err), "no line of patterns is that long"));
	error_free(err);
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
		unsigned line;
		if (err == NULL && pattern_set_count(set) == 1 && pattern_set_is_name(set, 0) &&
		    !pattern_set_has_module(set, 0) && !pattern_set_excludes(set, 0) &&
		    pattern_set_source(set, 0, &line) == NULL) {
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
		cmocka_unit_test(test_garbage), cmocka_unit_test(test_parts),
		cmocka_unit_test(test_sources), cmocka_unit_test(test_labels),
		cmocka_unit_test(test_file),
	};
	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
