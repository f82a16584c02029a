/* A file that a unit test writes what it reads to, again and again. */
#ifndef TESTS_SCRATCH_FILE_H
#define TESTS_SCRATCH_FILE_H

#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/mprof_trace_test.XXXXXX";

/* For all tests of a group: cmocka_run_group_tests_name(…, make_file, remove_file). */
static inline int make_file(void **state)
{
	(void)state;
	int fd = mkstemp(path);
	if (fd >= 0)
		close(fd);
	return fd < 0;
}

static inline int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

#endif
