/* Unit tests of a recorder that writes to what its caller has open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>

#include <cmocka.h>

#include "tracer/record/recorder.h"

/* Takes three bytes at a time, and nothing when there is no more room. */
static ssize_t write_to_text(void *context, const char *bytes, size_t count)
{
	enum { ROOM = 300, AT_ONCE = 3 };
	char *text = context;

	if (strlen(text) > ROOM) {
		errno = ENOSPC;
		return -1;
	}
	strncat(text, bytes, count < AT_ONCE ? count : AT_ONCE);
	return (ssize_t)(count < AT_ONCE ? count : AT_ONCE);
}

/* What the caller has open is written to, and left open. */
static void test_written_elsewhere(void **state)
{
	(void)state;
	char *const command[] = { "x", NULL };
	const struct recorder_options options = { .metric = "rss", .interval_ns = 1 };
	struct recorder *recorder;
	char text[400] = "";

	assert_null(recorder_create_on(write_to_text, text, &options, command, &recorder));
	assert_non_null(strstr(text, "\nMETRIC rss\n"));
	recorder_memory(recorder, 0, 1 << 20);
	assert_null(strstr(text, "\nMEM"));
	recorder_flush(recorder, 1);
	assert_non_null(strstr(text, "\nMEM 1.000000 "));
	assert_int_equal(text[strlen(text) - 1], '\n');
	for (int i = 0; i < 20; i++)
		recorder_memory(recorder, i, 1);
	struct error *err = recorder_close(recorder);
	assert_non_null(err);
	assert_int_equal(error_errno(err), ENOSPC);
	error_free(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
