/*
 * Which source files a pattern's `file.c:` means (symbols layer).
 */
#ifndef SYMBOLS_PATTERN_SOURCE_MATCH_H
#define SYMBOLS_PATTERN_SOURCE_MATCH_H

#include <stdbool.h>

/* Whether @glob matches the whole of @path, or the end of it that begins behind a slash. */
bool source_match(const char *glob, const char *path);

#endif
