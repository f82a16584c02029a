/*
 * What the user asked for with -f: a list of patterns (symbols layer).
 *
 * The one grammar for -f, funcs, peak --func and plot --func:
 *   name                      a linker name, or a C++ or Rust name
 *   ns::Class::method         all overloads, all template instances
 *   ns::f(int, char const*)   one overload; spaces do not matter, nor on which side const stands
 *   V::operator const char*   an operator; a * behind a type that is converted to is a pointer
 *   name [clone .resume]      a part that a compiler has made of the function; the name alone is not it
 *   parse_*                   a glob with * ? [a-z]. Inside a parameter list a * after a type is a
 *                             pointer, and `operator*` is an operator
 *   /regex/ or /regex/i       a regular expression (PCRE2) found anywhere in either name
 *   name@VERSION              the symbol of that version (memcpy@GLIBC_2.14); two @ do as well
 *   file.c:name, file.c:/re/  any of these, written in one source file: its name, the end of its
 *                             path, or a glob for one
 *   file.c:123                the function that holds the code of that line
 *   0x1234                    the function that holds that address of the main program's file
 *   libfoo.so!pattern         any of these, in one module: its file name, with or without the
 *                             version (libfoo.so.6, libfoo), or a glob for it
 *   usdt:provider:name        static probes, see symbols/usdt; either may be a glob
 *   mark:name                 the marks of mprof_mark.h: those of the provider mprof
 *   !pattern                  leaves out what the pattern matches, wherever it stands in the list
 *   @FILE                     a pattern a line; # begins a comment
 * Where std:: occurs, arguments of the C++ library that are its defaults may be left out, and
 * std::string is a name (std_names.h).
 * A name also stands for the copies that compilers make of it (f.isra.0, f.constprop.1).
 */
#ifndef SYMBOLS_PATTERN_PATTERN_H
#define SYMBOLS_PATTERN_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

struct pattern_set;

struct error *pattern_set_create(struct pattern_set **ret) MUST_CHECK;
void pattern_set_destroy(struct pattern_set *set);

/*
 * Adds the comma-separated patterns of @text; commas inside (), <>, [], {} and /…/ do not split.
 * Fails with ERR_USAGE on an empty or malformed pattern, also in an @FILE, and with ERR_FAILED when that cannot be
 * read; it has then added none.
 */
struct error *pattern_set_add(struct pattern_set *set, const char *text) MUST_CHECK;

/* Fails with ERR_USAGE when the set only leaves things out. */
struct error *pattern_set_check(const struct pattern_set *set) MUST_CHECK;

/* Of all patterns, those that leave something out included. */
size_t pattern_set_count(const struct pattern_set *set);

/* The pattern as the user wrote it; valid as long as the set. */
const char *pattern_set_text(const struct pattern_set *set, size_t pattern);

/* The same without what stands in front: `!`, `module!`, `file.c:`. */
const char *pattern_set_name_text(const struct pattern_set *set, size_t pattern);

bool pattern_set_excludes(const struct pattern_set *set, size_t pattern);

/*
 * A note on a pattern that is kept while the set is const: a function that it matches was left out,
 * by it or by another pattern with ! in front. pattern_set_left_out: whether there was one so far.
 */
void pattern_set_note_left_out(const struct pattern_set *set, size_t pattern);
bool pattern_set_left_out(const struct pattern_set *set, size_t pattern);

/* The version that it asks for; NULL: any. */
const char *pattern_set_version(const struct pattern_set *set, size_t pattern);

/*
 * The glob of the source file that it names (NULL: any), and the line of it (0: it is no line).
 * source_match compares paths with the glob.
 */
const char *pattern_set_source(const struct pattern_set *set, size_t pattern, unsigned *ret_line);

/* Whether it asks by name at all, not for a line or an address. */
bool pattern_set_has_name(const struct pattern_set *set, size_t pattern);

/* Whether any of them is an address. */
bool pattern_set_has_addresses(const struct pattern_set *set);

/* Whether it is an address, of the file; sets *@ret then. */
bool pattern_set_address(const struct pattern_set *set, size_t pattern, taddr_t *ret);

/* Whether it is one name: neither a glob nor a regular expression. */
bool pattern_set_is_name(const struct pattern_set *set, size_t pattern);

/* Whether the pattern names a module at all, and whether the file of this name or path is it. */
bool pattern_set_has_module(const struct pattern_set *set, size_t pattern);
bool pattern_set_match_module(const struct pattern_set *set, size_t pattern, const char *file_name);

/*
 * Whether a function with this linker name and demangled name (the same when nothing was mangled)
 * is asked for by pattern number @pattern. Its module, source and version are not looked at; a
 * line or an address matches no name.
 */
bool pattern_set_match(const struct pattern_set *set, size_t pattern, const char *linkage_name,
		       const char *demangled_name);

/*
 * Whether it asks for the static probe @name (provider:name); it is a glob, if it may ask for many.
 * symbols/usdt/usdt_match.h says what a pattern stands for.
 */
bool pattern_set_match_usdt(const struct pattern_set *set, size_t pattern, const char *name);
bool pattern_set_is_usdt(const struct pattern_set *set, size_t pattern);
bool pattern_set_usdt_is_glob(const struct pattern_set *set, size_t pattern);

/* Whether it was written as a mark. */
bool pattern_set_is_mark(const struct pattern_set *set, size_t pattern);

/*
 * Whether it asks for a Python function of this full name, module.Class.function: a name is the end
 * of it, at a dot; a glob likewise, but one without a dot is about the last word alone; a regular
 * expression is found anywhere. @file: where it is written, for patterns that name one. A pattern with
 * a module is none for Python.
 */
bool pattern_set_match_dotted(const struct pattern_set *set, size_t pattern, const char *name,
			      const char *file);

/* Whether it may be one of Python's at all. */
bool pattern_set_is_dotted(const struct pattern_set *set, size_t pattern);

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

/*
 * For the functions of a profile, which are known by their labels alone: whether the set as a whole
 * asks for one. A module says nothing then, and a source file only where the label has one.
 * pattern_set_check_labels fails with ERR_USAGE on lines and addresses, and as pattern_set_check.
 */
bool pattern_set_wants_label(const struct pattern_set *set, const char *label);
struct error *pattern_set_check_labels(const struct pattern_set *set) MUST_CHECK;

#endif
