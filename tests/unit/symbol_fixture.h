/* A temporary directory with freshly compiled programs, for the unit tests of symbols/. */
#ifndef TESTS_SYMBOL_FIXTURE_H
#define TESTS_SYMBOL_FIXTURE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char fixture_dir[64];

static inline int fixture_setup(void **state)
{
	(void)state;
	strcpy(fixture_dir, "/tmp/mprof-trace-unit-XXXXXX");
	return mkdtemp(fixture_dir) ? 0 : -1;
}

static inline int fixture_remove_one(const char *path, const struct stat *status, int type,
				     struct FTW *walk)
{
	(void)status, (void)type, (void)walk;
	return remove(path);
}

static inline int fixture_teardown(void **state)
{
	(void)state;
	return nftw(fixture_dir, fixture_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* The path of a file in the directory; valid until the next eight calls. */
static inline const char *fixture_path(const char *name)
{
	static char paths[8][128];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", fixture_dir, name);
	return path;
}

static inline void fixture_write(const char *name, const void *bytes, size_t count)
{
	FILE *out = fopen(fixture_path(name), "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, count, out), count);
	assert_int_equal(fclose(out), 0);
}

/* Runs a command in the directory; it must succeed. */
static inline void fixture_run(const char *command)
{
	char *line;

	assert_true(asprintf(&line, "cd %s && %s", fixture_dir, command) > 0);
	/* The sanitizers of the test are not for the compiler that it calls. */
	if (system(line) != 0)
		fail_msg("failed: %s", command);
	free(line);
}

static inline void fixture_compile(const char *source, const char *source_name, const char *command)
{
	fixture_write(source_name, source, strlen(source));
	fixture_run(command);
}

#endif
