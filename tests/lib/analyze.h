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

/* An expression, not a function: deep in a path the analyser looks into functions no more. */
#define ANALYZE_NONNULL(call)                                                                      \
	({                                                                                         \
		struct error *made_ = call;                                                        \
		if (made_ == NULL)                                                                 \
			__builtin_unreachable();                                                   \
		made_;                                                                             \
	})

#define error_new(...) ANALYZE_NONNULL(error_new(__VA_ARGS__))
#define error_os(...) ANALYZE_NONNULL(error_os(__VA_ARGS__))
#define error_no_memory() ANALYZE_NONNULL(error_no_memory())

#endif
