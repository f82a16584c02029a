/*
 * A file of perf record's, rewritten (perf layer).
 *
 * perf(1) finds what code is by the mappings that a recording tells of. One of code that is mapped from no file can be told
 * as one of a file, after the fact: samples there are unwound, and named, by that file from then on. All else stays as it is.
 */
#ifndef PERF_PERF_DATA_H
#define PERF_PERF_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tracer/base/error.h"

/* What is mapped from no file, readable and executable and never anything else. */
struct perf_nameless {
	uint32_t pid;
	uint64_t start, bytes;
};

struct perf_renaming {
	const char *path;     /* the file that it becomes, from its first byte on */
	uint64_t piece_bytes; /* and so again for each so many bytes of what is larger */
	bool (*is_wanted)(const struct perf_nameless *code);
	size_t count; /* written: so many have been renamed */
};

/*
 * Copies @in, perf.data of perf record, to @out, a new regular file, both at their beginning. Fails with ERR_FORMAT where @in
 * is no such file or a damaged one, and with ERR_FOREIGN where it is one that cannot be rewritten.
 */
struct error *perf_data_rename(FILE *in, FILE *out, struct perf_renaming *renaming) MUST_CHECK;

#endif
