/*
 * Shell-like globs over names (symbols layer).
 *
 * Not fnmatch(3): that one converts to wide characters and fails on bytes that are not valid in the
 * locale, while symbol names are plain bytes. Runs in O(text * pattern) at worst, never recurses.
 */
#ifndef SYMBOLS_NAMES_GLOB_H
#define SYMBOLS_NAMES_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether all of @text matches @glob: `*` any bytes, `?` one UTF-8 character, `[a-z]` and `[!a-z]`
 * one byte of a set, backslash the byte after it as it is. A `[` that is never closed is literal.
 */
bool glob_match(const char *glob, const char *text, size_t text_bytes);

#endif
