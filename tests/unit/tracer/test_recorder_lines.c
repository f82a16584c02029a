/* Unit tests of recorder_lines: what a file has of the lines of functions. */
#include "tests/unit/tracer/recorder_fixture.h"
#include "tracer/record/recorder_lines.h"

static void test_lines(void **state)
{
	(void)state;
	static char *const command[] = { "./prog", NULL };
	struct recorder *recorder = begin(command, 0);

	recorder_line(recorder, &(struct recorder_line){ .name = "work",
							 .pid = 12,
							 .line = 7,
							 .count = 3,
							 .gained_bytes = -524288,
							 .bytes = 1 << 20,
							 .held_count = 1,
							 .source = "/src/a b\n.c" });
	recorder_line_function(recorder,
			       &(struct recorder_line_function){ .name = "work",
								 .pid = 12,
								 .first_line = 5,
								 .last_line = 9,
								 .calls = 3,
								 .before_bytes = 3 << 19,
								 .gained_bytes = -524288,
								 .is_optimised = true,
								 .source = "/src/a b\n.c" });
	const char *text = end(recorder);
	assert_string_equal(line_of(text, "LINE ", 0),
			    "LINE work 12 7 3 -0.500000 1.000000 1 /src/a b .c");
	assert_string_equal(line_of(text, "LINES ", 0),
			    "LINES work 12 5 9 3 1.500000 -0.500000 1 /src/a b .c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
