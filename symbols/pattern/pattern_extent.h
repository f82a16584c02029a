/*
 * Where the parts of a pattern lie in the text of -f (symbols layer; only pattern_parse.c uses it).
 */
#ifndef SYMBOLS_PATTERN_PATTERN_EXTENT_H
#define SYMBOLS_PATTERN_PATTERN_EXTENT_H

#include <stdbool.h>
#include <stddef.h>

#include "tracer/base/error.h"

/* All parts point into the text; NULL: there is no such part. */
struct pattern_extent {
	const char *start;
	bool excludes;	    /* an ! stands in front */
	const char *module; /* before `!` */
	size_t module_bytes;
	const char *source; /* before a single `:` */
	size_t source_bytes;
	const char *name;  /* what is left, up to @end; may be a regular expression with its / */
	const char *regex; /* behind the opening / */
	size_t regex_bytes;
	bool ignore_case;
	const char *end; /* at the comma, or at the end of the text */
};

/* The first pattern of @text. Fails with ERR_USAGE on brackets or slashes without partners. */
struct error *pattern_extent_find(const char *text, struct pattern_extent *ret) MUST_CHECK;

/* Fails with ERR_USAGE when a part is empty. @end: where the pattern ends, without spaces. */
struct error *pattern_extent_check(const struct pattern_extent *extent, const char *end) MUST_CHECK;

#endif
