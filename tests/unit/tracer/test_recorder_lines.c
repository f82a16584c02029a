/* Unit tests of recorder_lines: what a file has of the lines of functions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/record/recorder_lines.h"

static const char path[] = "test_recorder_lines.dat";

static struct recorder *begin(char *const command[])
{
	struct recorder *recorder;
	const struct recorder_options options = { .path = path,
						  .metric = "pss",
						  .interval_ns = 100000000 };
	assert_null(recorder_create(&options, command, &recorder));
	return recorder;
}

/* Closes it; the file's text is in a buffer of the test's own. */
static const char *end(struct recorder *recorder)
{
	static char text[1 << 20];
	assert_null(recorder_close(recorder));
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	unlink(path);
	return text;
}

/* The @number-th line that begins with @word, without its newline; "" when there is none. */
static const char *line_of(const char *text, const char *word, int number)
{
	static char line[4096];
	for (; *text != '\0'; text += strcspn(text, "\n") + 1) {
		size_t bytes = strcspn(text, "\n");
		if (strncmp(text, word, strlen(word)) != 0 || number-- > 0)
			continue;
		snprintf(line, sizeof(line), "%.*s", (int)bytes, text);
		return line;
	}
	return "";
}

static void test_lines(void **state)
{
	(void)state;
	static char *const command[] = { "./prog", NULL };
	struct recorder *recorder = begin(command);

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
