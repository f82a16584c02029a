/* Unit tests of patterns for Python functions and static probes: symbols/pattern/pattern_dotted.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "symbols/pattern/pattern.h"

static bool matches(const char *text, const char *name)
{
	struct pattern_set *set;

	assert_null(pattern_set_create(&set));
	assert_null(pattern_set_add(set, text));
	bool found = pattern_set_match_dotted(set, 0, name, "/srv/app/pkg/mod.py");
	pattern_set_destroy(set);
	return found;
}

static void test_names_are_ends(void **state)
{
	(void)state;
	assert_true(matches("load", "__main__.load"));
	assert_true(matches("load", "pkg.mod.Class.load"));
	assert_true(matches("Class.load", "pkg.mod.Class.load"));
	assert_true(matches("pkg.mod.Class.load", "pkg.mod.Class.load"));
	assert_false(matches("load", "__main__.reload"));
	assert_false(matches("load", "load.more"));
	assert_false(matches("Other.load", "pkg.mod.Class.load"));
	/* What compilers make of a name is nothing to Python. */
	assert_true(matches("cold", "pkg.cold"));
	assert_false(matches("pkg", "pkg.cold"));
	/* Programs may name what they like. */
	assert_true(matches("load", ".load"));
	assert_false(matches("load", ".0"));
	assert_false(matches("load", "..."));
}

static void test_globs_and_expressions(void **state)
{
	(void)state;
	assert_true(matches("lo*", "__main__.load"));
	assert_true(matches("*", "__main__.load"));
	assert_false(matches("lo*", "loader.run"));
	assert_true(matches("Class.*", "pkg.mod.Class.load"));
	assert_true(matches("pkg.*", "pkg.mod.Class.load"));
	assert_false(matches("mod.Class", "pkg.mod.Class.load"));
	assert_true(matches("/^pkg\\..*oad$/", "pkg.mod.Class.load"));
	assert_false(matches("/^load/", "pkg.load"));
}

static void test_files_and_modules(void **state)
{
	(void)state;
	assert_true(matches("mod.py:load", "pkg.mod.load"));
	assert_false(matches("other.py:load", "pkg.mod.load"));
	assert_false(matches("libfoo.so!load", "pkg.mod.load"));
	assert_false(matches("usdt:pkg:load", "pkg.mod.load"));
}

static void test_last_words(void **state)
{
	struct pattern_set *set;

	(void)state;
	assert_null(pattern_set_create(&set));
	assert_null(pattern_set_add(set, "load,Class.meth,lo*,/load/"));
	assert_string_equal(pattern_set_dotted_word(set, 0), "load");
	assert_string_equal(pattern_set_dotted_word(set, 1), "meth");
	assert_null(pattern_set_dotted_word(set, 2));
	assert_null(pattern_set_dotted_word(set, 3));
	pattern_set_destroy(set);
}

static void test_static_probes(void **state)
{
	struct pattern_set *set;

	(void)state;
	assert_null(pattern_set_create(&set));
	assert_null(pattern_set_add(set, "usdt:python:gc__*,usdt:lib*:mark,!usdt:x:y,gc__done"));
	assert_true(pattern_set_match_usdt(set, 0, "python:gc__done"));
	assert_true(pattern_set_usdt_is_glob(set, 0));
	assert_false(pattern_set_match_usdt(set, 0, "ruby:gc__done"));
	assert_true(pattern_set_match_usdt(set, 1, "libc:mark"));
	assert_true(pattern_set_excludes(set, 2));
	assert_true(pattern_set_match_usdt(set, 2, "x:y"));
	assert_false(pattern_set_is_usdt(set, 3));
	/* A function is never meant. */
	assert_false(pattern_set_match(set, 0, "gc__done", "gc__done"));
	assert_false(pattern_set_match(set, 1, "mark", "mark"));
	assert_false(pattern_set_match(set, 1, "_ZN2ns1fEv", "ns::f()"));
	assert_true(pattern_set_wants_label(set, "usdt:python:gc__start"));
	assert_false(pattern_set_wants_label(set, "usdt:x:y"));
	assert_true(pattern_set_wants_label(set, "__main__.gc__done"));
	pattern_set_destroy(set);
}

static void test_marks(void **state)
{
	(void)state;
	struct pattern_set *set;

	assert_null(pattern_set_create(&set));
	assert_null(pattern_set_add(set, "mark:phase 2,mark:lo*,!mark:load__x,usdt:mprof:q"));
	assert_true(pattern_set_is_mark(set, 0));
	assert_true(pattern_set_is_usdt(set, 0));
	assert_false(pattern_set_usdt_is_glob(set, 0));
	assert_true(pattern_set_match_usdt(set, 0, "mprof:phase 2"));
	assert_false(pattern_set_match_usdt(set, 0, "other:phase 2"));
	assert_true(pattern_set_usdt_is_glob(set, 1));
	assert_true(pattern_set_excludes(set, 2));
	assert_false(pattern_set_is_mark(set, 3));
	assert_false(pattern_set_match_dotted(set, 1, "load", ""));
	/* A profile has labels alone. */
	assert_true(pattern_set_wants_label(set, "mark:phase 2"));
	assert_true(pattern_set_wants_label(set, "mark:load"));
	assert_false(pattern_set_wants_label(set, "mark:load__x"));
	assert_false(pattern_set_wants_label(set, "mark:q"));
	assert_false(pattern_set_wants_label(set, "load"));
	pattern_set_destroy(set);
}

static void test_malformed_probes(void **state)
{
	static const char *const bad[] = { "usdt:", "usdt:python", "usdt:python:", "usdt::gc",
					   "usdt:a:b:c" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct pattern_set *set;
		assert_null(pattern_set_create(&set));
		struct error *err = pattern_set_add(set, bad[i]);
		assert_non_null(err);
		assert_int_equal(error_code(err), ERR_USAGE);
		error_free(err);
		pattern_set_destroy(set);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_ends),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_globs_and_expressions),
		cmocka_unit_test(test_files_and_modules),
		cmocka_unit_test(test_last_words),
		cmocka_unit_test(test_static_probes),
		cmocka_unit_test(test_malformed_probes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
