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

#include "tracer/record/output_name.h"

static void test_fields(void **state)
{
	(void)state;
	char host[256] = "", expected[300];
	char *name;
	gethostname(host, sizeof(host) - 1);
	setenv("RANK", "7", 1);

	assert_null(output_name_expand("plain.dat", 12, &name));
	assert_string_equal(name, "plain.dat");
	free(name);
	assert_null(output_name_expand("run.%h.%q{RANK}.%p.%%.dat", 12, &name));
	snprintf(expected, sizeof(expected), "run.%s.7.12.%%.dat", host);
	assert_string_equal(name, expected);
	free(name);
}

static void test_refusals(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"%", "a%x", "%q", "%q{", "%q{}", "%qRANK", "%q{NO_SUCH_VAR}"
	};
	unsetenv("NO_SUCH_VAR");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char *name = NULL;
		struct error *err = output_name_expand(wrong[i], 1, &name);
		assert_non_null(err);
		assert_int_equal(error_code(err), ERR_USAGE);
		assert_null(name);
		error_free(err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_refusals),
	};
	return cmocka_run_group_tests_name("output_name", tests, NULL, NULL);
}
