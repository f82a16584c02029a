/* What fuzzers hold to be true: ends the program, and says where, if it is not. */
#ifndef TESTS_FUZZ_REQUIRE_H
#define TESTS_FUZZ_REQUIRE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "tracer/base/error.h"

static inline void require_at(bool condition, const char *what, const char *file, int line)
{
	if (condition)
		return;
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
	abort();
}

#define require(condition) require_at(condition, #condition, __FILE__, __LINE__)

static inline void require_none(struct error *err)
{
	if (err == NULL)
		return;
	fprintf(stderr, "an error: %s\n", error_message(err));
	abort();
}

#endif
