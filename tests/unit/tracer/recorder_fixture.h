/* What the unit tests of the recorder share: a file is recorded, and read as text. */
#ifndef TESTS_RECORDER_FIXTURE_H
#define TESTS_RECORDER_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/record/recorder.h"

/* Each test has a process of its own. */
static inline const char *recorder_test_path(void)
{
	static char path[64];
	snprintf(path, sizeof(path), "test_recorder.%d.dat", (int)getpid());
	return path;
}

static inline struct recorder *begin(char *const command[], uint64_t max_calls)
{
	struct recorder *recorder;
	const struct recorder_options options = { .path = recorder_test_path(),
						  .metric = "pss",
						  .max_calls = max_calls,
						  .interval_ns = 100000000 };
	assert_null(recorder_create(&options, command, &recorder));
	return recorder;
}

/* Closes it; the file's text is in a buffer of the test's own. */
static const char *end(struct recorder *recorder)
{
	static char text[1 << 20];
	assert_null(recorder_close(recorder));
	FILE *file = fopen(recorder_test_path(), "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	unlink(recorder_test_path());
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

static inline int count_of(const char *text, const char *word)
{
	int count = 0;
	while (*line_of(text, word, count) != '\0')
		count++;
	return count;
}

#endif
