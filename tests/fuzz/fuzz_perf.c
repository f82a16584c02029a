/*
 * Fuzzes the copy of a file of perf record's, which another user's perf may have written (libFuzzer, with ASan and UBSan).
 * What is copied can be copied again, as it is. Built by tests/fuzz/build.sh.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/fuzz/require.h"
#include "tracer/perf/perf_data.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

enum { PIECE_BYTES = 4096, PIECES_MOST = 64 };

static bool is_small(const struct perf_nameless *code)
{
	return code->bytes <= (uint64_t)PIECE_BYTES * PIECES_MOST;
}

static bool is_none(const struct perf_nameless *code)
{
	(void)code;
	return false;
}

/* What has been written to @out. Owned. */
static char *written(FILE *out, size_t *ret_bytes)
{
	require(fseek(out, 0, SEEK_END) == 0);
	const long bytes = ftell(out);
	char *text = malloc((size_t)bytes + 1);

	require(bytes > 0 && text != NULL && fseek(out, 0, SEEK_SET) == 0);
	require(fread(text, 1, (size_t)bytes, out) == (size_t)bytes);
	*ret_bytes = (size_t)bytes;
	return text;
}

/* Owned; NULL: it was refused. */
static char *copy(const void *from, size_t bytes,
		  bool (*is_wanted)(const struct perf_nameless *code), size_t *ret_bytes)
{
	struct perf_renaming renaming = { .path = "/some/where.so",
					  .piece_bytes = PIECE_BYTES,
					  .is_wanted = is_wanted };
	char *text = NULL;

	FILE *in = fmemopen((void *)from, bytes, "r");
	FILE *out = fdopen(memfd_create("copy", 0),
			   "w+"); /* a memory stream ends where it was written to last */
	require(in != NULL && out != NULL);
	struct error *err = perf_data_rename(in, out, &renaming);
	if (is_wanted == is_none) /* what we have written ourselves */
		require_none(err);
	if (err == NULL)
		text = written(out, ret_bytes);
	error_free(err);
	fclose(out);
	fclose(in);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	size_t once_bytes, twice_bytes;

	char *once = bytes == 0 ? NULL : copy(data, bytes, is_small, &once_bytes);
	if (once == NULL)
		return 0;
	char *twice = copy(once, once_bytes, is_none, &twice_bytes);
	require(twice_bytes == once_bytes && memcmp(once, twice, once_bytes) == 0);
	free(once);
	free(twice);
	return 0;
}
