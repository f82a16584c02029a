/*
 * What the user asked for with -f: a list of patterns (symbols layer).
 *
 * The one grammar for -f, funcs, peak --func and plot --func:
 *   name                      a linker name, or a C++ or Rust name
 *   ns::Class::method         all overloads, all template instances
 *   ns::f(int, char const*)   one overload; spaces do not matter, nor on which side const stands
 *   parse_*                   a glob with * ? [a-z]. Inside a parameter list a * after a type is a
 *                             pointer, and `operator*` is an operator
 *   /regex/ or /regex/i       a regular expression (PCRE2) found anywhere in either name
 *   libfoo.so!name            any of these, in one module: its file name, with or without the
 *                             version (libfoo.so.6, libfoo), or a glob for it
 * A name also stands for the copies that compilers make of it (f.isra.0, f.constprop.1).
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
 * Adds the comma-separated patterns of @text; commas inside (), <>, [], {} and /…/ do not split.
 * Fails with ERR_USAGE on an empty or malformed pattern, and has then added none.
 */
struct error *pattern_set_add(struct pattern_set *set, const char *text) MUST_CHECK;

size_t pattern_set_count(const struct pattern_set *set);

/* The pattern as the user wrote it; valid as long as the set. */
const char *pattern_set_text(const struct pattern_set *set, size_t pattern);

/* The same without the `module!` in front. */
const char *pattern_set_name_text(const struct pattern_set *set, size_t pattern);

/* Whether it is one name: neither a glob nor a regular expression. */
bool pattern_set_is_name(const struct pattern_set *set, size_t pattern);

/* Whether the pattern names a module at all, and whether the file of this name or path is it. */
bool pattern_set_has_module(const struct pattern_set *set, size_t pattern);
bool pattern_set_match_module(const struct pattern_set *set, size_t pattern, const char *file_name);

/*
 * Whether a function with this linker name and demangled name (the same when nothing was mangled)
 * is asked for by pattern number @pattern. Its module is not looked at.
 */
bool pattern_set_match(const struct pattern_set *set, size_t pattern, const char *linkage_name,
		       const char *demangled_name);

/*
 * Whether it asks for a Python function of this full name, module.Class.function: a name is the end
 * of it, at a dot; a glob likewise, but one without a dot is about the last word alone; a regular
 * expression is found anywhere. A pattern with a module is none for Python.
 */
bool pattern_set_match_dotted(const struct pattern_set *set, size_t pattern, const char *name);

/* The last word of such a pattern that is a plain name; NULL: it may match any function. */
const char *pattern_set_dotted_word(const struct pattern_set *set, size_t pattern);

/*
 * The two halves of pattern_set_match, for files with 100,000 names: whether the linker name alone
 * decides for it, and, if not, whether demangling it could.
 */
bool pattern_set_match_linkage(const struct pattern_set *set, size_t pattern,
			       const char *linkage_name);
bool pattern_set_needs_demangled(const struct pattern_set *set, size_t pattern,
				 const char *linkage_name);

#endif
