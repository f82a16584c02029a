/* Unit tests of the names of outputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/job/output_name.h"

static const struct output_writer nobody = { 12, NULL, false };

static void test_fields(void **state)
{
	(void)state;
	char host[256] = "", expected[300];
	char *name;
	gethostname(host, sizeof(host) - 1);
	setenv("RANK", "7", 1);

	assert_null(output_name_expand("plain.dat", &nobody, &name));
	assert_string_equal(name, "plain.dat");
	free(name);
	assert_null(output_name_expand("run.%h.%q{RANK}.%p.%%.dat", &nobody, &name));
	snprintf(expected, sizeof(expected), "run.%s.7.12.%%.dat", host);
	assert_string_equal(name, expected);
	free(name);
}

static const struct job_rank third = { "PMI", 3, 128, (char *)"1200_7", (char *)"rack/7" };

/* What @pattern is for rank 3 of 128. */
static void names(const char *pattern, const char *expected)
{
	const struct output_writer writer = { 12, &third, false };
	char *name;

	assert_null(output_name_expand(pattern, &writer, &name));
	assert_string_equal(name, expected);
	free(name);
}

static void test_ranks(void **state)
{
	(void)state;
	setenv("RANK", "7", 1);
	names("run.%r.dat", "run.3.dat");
	names("%4r/x", "0003/x");
	names("run.%j/%02r.%n.dat", "run.1200_7/03.rack_7.dat");
	/* Each has a name of its own. */
	names("run.dat", "run.3.dat");
	names("a.b/run", "a.b/run.3");
	names("%j.dat", "1200_7.3.dat");
	names("%n/%%r.dat", "rack_7/%r.3.dat");
	names("x/.dat", "x/.dat.3");
	names("run.%q{RANK}.dat", "run.7.dat");
	names("run.%p.dat", "run.12.dat");
}

static void test_one_rank(void **state)
{
	(void)state;
	struct job_rank one = third;
	const struct output_writer writer = { 12, &one, false };
	char *name;

	one.rank = 0;
	one.size = 1;
	assert_null(output_name_expand("run.dat", &writer, &name));
	assert_string_equal(name, "run.dat");
	free(name);
	assert_null(output_name_expand("run.%r.dat", &writer, &name));
	assert_string_equal(name, "run.0.dat");
	free(name);
}

/* One of several, whose name is its own. */
static void test_alone(void **state)
{
	(void)state;
	const struct output_writer writer = { 12, &third, true };
	char *name;

	assert_null(output_name_expand("run.dat", &writer, &name));
	assert_string_equal(name, "run.dat");
	free(name);
	assert_null(output_name_expand("%3r.dat", &writer, &name));
	assert_string_equal(name, "003.dat");
	free(name);
	assert_true(output_name_has_rank("%%%3r") && !output_name_has_rank("%%r%p"));
}

static void test_folders(void **state)
{
	(void)state;
	static const char *const folders[][2] = {
		{ "run.%r.dat", "." },	    { "run.dat", "." }, { "out/%j/%r.dat", "out/1200_7" },
		{ "out/%n/%r.dat", "out" }, { "/%r", "/" },	{ "a/b.%p/c", "a" },
		{ "a/%%/x", "a/%" },	    { "a/%3r/x", "a" }, { NULL, "." },
	};
	const struct output_writer writer = { 12, &third, false };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		char *folder;
		assert_null(output_name_folder(folders[i][0], &writer, &folder));
		assert_string_equal(folder, folders[i][1]);
		free(folder);
	}
	assert_true(output_name_has_fields("%03r") && output_name_has_fields("a%%%h"));
	assert_false(output_name_has_fields("a%%r") || output_name_has_fields("a"));
}

static void test_refusals(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"%",  "a%x", "%q", "%q{", "%q{}", "%qRANK", "%q{NO_SUCH_VAR}",
		"%r", "%3r", "%j", "%3p", "%99r"
	};
	unsetenv("NO_SUCH_VAR");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char *name = NULL;
		struct error *err = output_name_expand(wrong[i], &nobody, &name);
		assert_non_null(err);
		assert_int_equal(error_code(err), ERR_USAGE);
		assert_null(name);
		error_free(err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),	 cmocka_unit_test(test_ranks),
		cmocka_unit_test(test_one_rank), cmocka_unit_test(test_alone),
		cmocka_unit_test(test_folders),	 cmocka_unit_test(test_refusals),
	};
	return cmocka_run_group_tests_name("output_name", tests, NULL, NULL);
}
