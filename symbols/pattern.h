/*
 * What the user asked for with -f: a list of patterns (symbols layer).
 *
 * The one grammar for -f, funcs, peak --func and plot --func: `name`, `ns::Class::method`,
 * `ns::f(int, char const*)`, globs `parse_*`. It knows names, not files or addresses.
 */
#ifndef SYMBOLS_PATTERN_H
#define SYMBOLS_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "tracer/base/error.h"

struct pattern_set;

struct error *pattern_set_create(struct pattern_set **ret) MUST_CHECK;
void pattern_set_destroy(struct pattern_set *set);

/*
 * Adds the comma-separated patterns of @text; commas inside (), <>, [] and /…/ do not split.
 * Fails with ERR_USAGE on an empty or malformed pattern, and has then added none.
 */
struct error *pattern_set_add(struct pattern_set *set, const char *text) MUST_CHECK;

size_t pattern_set_count(const struct pattern_set *set);

/* The pattern as the user wrote it; valid as long as the set. */
const char *pattern_set_text(const struct pattern_set *set, size_t pattern);

/*
 * Whether a function with this linker name and demangled name (the same when nothing was mangled)
 * is asked for by pattern number @pattern.
 */
bool pattern_set_match(const struct pattern_set *set, size_t pattern, const char *linkage_name,
		       const char *demangled_name);

#endif
