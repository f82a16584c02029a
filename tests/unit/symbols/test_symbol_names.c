/* Unit tests of the names in a symbol_file: labels as patterns, and the nearest of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "symbols/names/name_forms.h"
#include "symbols/file/symbol_file.h"
#include "tests/unit/symbol_samples.h"

/* @bytes of a label, asked for as a pattern, find the function that it came from. */
static void assert_finds_itself(const char *linkage_name, const char *label, size_t bytes)
{
	struct pattern_set *set;
	char *text = strndup(label, bytes);

	assert_null(pattern_set_create(&set));
	struct error *err = pattern_set_add(set, text);
	if (err != NULL)
		fail_msg("'%s': %s", text, error_message(err));
	assert_int_equal(pattern_set_count(set), 1);
	if (!pattern_set_match(set, 0, linkage_name, label))
		fail_msg("'%s' does not match '%s'", text, label);
	if (!pattern_set_match_linkage(set, 0, linkage_name) &&
	    !pattern_set_needs_demangled(set, 0, linkage_name))
		fail_msg("'%s' skips '%s'", text, linkage_name);
	pattern_set_destroy(set);
	free(text);
}

/*
 * Every label of the C++ library, whole and without its parameters, asks for its own function, also
 * by the shortcut: the library is full of names that the mangling abbreviates.
 */
static void test_every_label_finds_itself(void **state)
{
	(void)state;
	const char *path = "/usr/lib/x86_64-linux-gnu/libstdc++.so.6";
	if (access(path, R_OK) != 0) {
		print_message("skipped: no %s\n", path);
		skip();
	}
	struct symbol_store *store = store_new();
	const struct symbol_file *file = get(store, path);
	size_t count, checked = 0;
	const struct function *functions = symbol_file_functions(file, &count);

	for (size_t i = 0; i < count; i++) {
		const char *label, *linkage_name;
		for (size_t n = 0;
		     (linkage_name = symbol_file_linkage_name(file, &functions[i], n)); n++) {
			assert_null(symbol_file_label(file, &functions[i], n, &label));
			assert_finds_itself(linkage_name, label, strlen(label));
			struct name_parts parts;
			name_parts_find(label, &parts);
			if (parts.name != 0)
				fail_msg("'%s' is taken for a return type in '%s'", label,
					 linkage_name);
			assert_finds_itself(linkage_name, label, parts.parameters);
			checked++;
		}
	}
	assert_true(checked > 3000);
	symbol_store_destroy(store);
}

static void assert_nearest(const struct symbol_file *file, const char *wanted, const char *expected)
{
	struct near_names names = { 0 };

	assert_null(near_names_gather(&names, file, wanted));
	if (expected == NULL) {
		assert_int_equal(names.count, 0);
	} else {
		assert_true(names.count > 0);
		assert_string_equal(names.best[0].name, expected);
	}
	for (size_t i = 1; i < names.count; i++) {
		assert_true(names.best[i - 1].distance <= names.best[i].distance);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(names.best[k].name, names.best[i].name);
	}
	near_names_deinit(&names);
	near_names_deinit(&names);
}

static void test_near_names(void **state)
{
	(void)state;
	samples_compile();
	struct symbol_store *store = store_new();
	const struct symbol_file *c = get(store, fixture_path("a.out"));
	const struct symbol_file *cpp = get(store, fixture_path("b.out"));

	assert_nearest(c, "hiden", "hidden");
	assert_nearest(c, "hidedn", "hidden");
	assert_nearest(c, "HIDDEN", "hidden");
	assert_nearest(c, "weakone", "weak_one");
	assert_nearest(c, "weak", "weak_one");
	assert_nearest(c, "idde", "hidden");
	assert_nearest(c, "exportde_alias", "exported_alias");
	assert_nearest(c, "libc!hiden", "a.out!hidden");
	assert_nearest(c, "qwertzuiop", NULL);
	assert_nearest(c, "", NULL);
	assert_nearest(c, "*", NULL);
	assert_nearest(c, "hiden_*(", "hidden");
	assert_nearest(cpp, "anon", "(anonymous namespace)::anon(int)");
	assert_nearest(cpp, "ns::annon", "(anonymous namespace)::anon(int)");
	assert_nearest(cpp, "ns::D::m(int)", "ns::C::m(int)");
	assert_nearest(cpp, "ns::Max<int>(int)", "ns::max<int>(int, int)");
	char long_name[300];
	memset(long_name, 'x', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = '\0';
	assert_nearest(c, long_name, NULL);

	/* Two neighbours swapped count once, as one letter too few does. */
	struct near_names names = { 0 };
	assert_null(near_names_gather(&names, c, "hiden"));
	unsigned one_edit = names.best[0].distance;
	near_names_deinit(&names);
	assert_null(near_names_gather(&names, c, "hidedn"));
	assert_int_equal(names.best[0].distance, one_edit);
	near_names_deinit(&names);

	/* The best of several files. */
	assert_null(near_names_gather(&names, c, "manin"));
	assert_null(near_names_gather(&names, cpp, "manin"));
	assert_string_equal(names.best[0].name, "main");
	near_names_deinit(&names);
	symbol_store_destroy(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_label_finds_itself),
		cmocka_unit_test(test_near_names),
	};
	return cmocka_run_group_tests_name("symbol_names", tests, fixture_setup, fixture_teardown);
}
