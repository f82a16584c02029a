/*
 * When a pattern's name is a glob, and which of its signs only look like one: pointers, array extents,
 * operators, ABI tags (symbols layer; only pattern_parse.c uses it).
 */
#ifndef SYMBOLS_PATTERN_PATTERN_GLOB_H
#define SYMBOLS_PATTERN_PATTERN_GLOB_H

#include "tracer/base/error.h"

/* Sets *@ret (owned) to the glob that @exact is, normalised, with what only looks like one escaped;
 * NULL: it is none. */
struct error *pattern_glob_make(const char *exact, char **ret) MUST_CHECK;

#endif
