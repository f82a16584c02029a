/*
 * What a mangled name must hold for its demangled form to match (symbols layer).
 *
 * Demangling is most of what it costs to find functions by name in a large program. A mangled name
 * holds the identifiers of the source as they are written, so that most names can be passed over
 * unread.
 */
#ifndef SYMBOLS_NAMES_NAME_LITERAL_H
#define SYMBOLS_NAMES_NAME_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

#include "tracer/base/error.h"

/*
 * Whether @text[0, bytes), letters, digits and underscores, can come into a demangled name by an
 * identifier alone: it is no part of a word that demanglers add.
 */
bool name_literal_is_usable(const char *text, size_t bytes, bool ignores_case);

/*
 * The usable texts of which everything holds one that the regular expression @regex[0, bytes) matches:
 * the longest of each alternative, one behind the other, and an empty one. *@ret is owned, NULL: none
 * are known. The expression must have compiled. What name_is_spelled_in_code is true of may match
 * without them.
 */
struct error *name_literals_of_regex(const char *regex, size_t bytes, bool ignores_case,
				     char **ret) MUST_CHECK;

/* Whether @linkage_name holds one of @literals. */
bool name_holds_literal(const char *linkage_name, const char *literals, bool ignores_case);

/*
 * Whether a mangled name may hold letters of the demangled one as numbers: the strings among D's
 * template arguments, and the $uXX$ of Rust's older scheme.
 */
bool name_is_spelled_in_code(const char *linkage_name);

#endif
