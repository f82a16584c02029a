/* One parsed pattern, and how the text of -f becomes some (symbols layer; only pattern.c uses it).
 */
#ifndef SYMBOLS_PATTERN_PARSE_H
#define SYMBOLS_PATTERN_PARSE_H

#include <stddef.h>

#include "symbols/name_regex.h"
#include "tracer/base/error.h"

struct pattern {
	char *text;		  /* as written, trimmed */
	size_t name_offset;	  /* in @text, behind `module!` */
	char *module;		  /* NULL: any */
	char *exact;		  /* normalised, without a return type; NULL for a regex */
	char *glob;		  /* NULL: the pattern is no glob */
	char *literal;		  /* a mangled name that matches holds this; NULL: not known */
	char *word;		  /* a demangled name that matches holds this; NULL: not known */
	struct name_regex *regex; /* NULL: none */
};

void pattern_deinit(struct pattern *pattern);

/*
 * Parses the first pattern of @text into *@ret (owned) and sets *@ret_rest behind its comma, or to
 * NULL after the last. Fails with ERR_USAGE.
 */
struct error *pattern_parse(const char *text, struct pattern *ret,
			    const char **ret_rest) MUST_CHECK;

#endif
