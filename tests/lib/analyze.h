/*
 * Read by clang-tidy before every file but error.c; no part of the program.
 *
 * Its analyser sees one file at a time and trusts returns_nonnull in system headers only, so it
 * would follow paths on which making an error has succeeded and returned NULL.
 */
#ifndef TESTS_ANALYZE_H
#define TESTS_ANALYZE_H

#include <stddef.h>

#include "tracer/base/error.h"

static inline struct error *analyze_nonnull(struct error *err)
{
	if (err == NULL)
		__builtin_unreachable();
	return err;
}

#define error_new(...) analyze_nonnull(error_new(__VA_ARGS__))
#define error_os(...) analyze_nonnull(error_os(__VA_ARGS__))
#define error_no_memory() analyze_nonnull(error_no_memory())

#endif
