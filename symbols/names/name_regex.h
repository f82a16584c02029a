/* Regular expressions over names (symbols layer); name_regex.c is the only includer of PCRE2. */
#ifndef SYMBOLS_NAMES_NAME_REGEX_H
#define SYMBOLS_NAMES_NAME_REGEX_H

#include <stdbool.h>
#include <stddef.h>

#include "tracer/base/error.h"

struct name_regex;

/* Fails with ERR_USAGE when @text[0, bytes) is no regular expression. */
struct error *name_regex_create(const char *text, size_t bytes, bool ignore_case,
				struct name_regex **ret) MUST_CHECK;
void name_regex_destroy(struct name_regex *regex);

/*
 * Whether it matches somewhere in @name[0, bytes). What PCRE2 gives up on (backtracking without
 * end) does not match.
 */
bool name_regex_match(const struct name_regex *regex, const char *name, size_t bytes);

#endif
