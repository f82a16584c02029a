/*
 * One parsed pattern, and how the text of -f becomes some (symbols layer; for pattern.c and
 * pattern_match.c only).
 */
#ifndef SYMBOLS_PATTERN_PATTERN_PARSE_H
#define SYMBOLS_PATTERN_PATTERN_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "symbols/names/name_regex.h"
#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

struct pattern {
	char *text;	    /* as written, trimmed */
	size_t name_offset; /* in @text, behind `!`, `module!` and `file:` */
	bool excludes;	    /* `!` stands in front */
	bool left_out;	    /* what it matches was, at least once; pattern.h */
	char *module;	    /* NULL: any */
	char *source;	    /* a glob for the source file; NULL: any */
	unsigned line;	    /* of @source; 0: the pattern is no line */
	bool has_address;   /* the pattern is an address, … */
	taddr_t address;    /* … as in the ELF file */
	char *usdt;	    /* a glob for provider:name of static probes, and nothing else */
	bool is_mark;	    /* … of those of mprof_mark.h */
	char *version;	    /* of the symbol; NULL: any */
	char *name;	    /* as written, without version */
	char *exact;	    /* normalised, without a return type; NULL: no name, or a regex */
	char *glob;	    /* NULL: the pattern is no glob */
	char *short_exact; /* the same two with short names of the C++ library; NULL: it has none */
	char *short_glob;
	char *literals; /* a mangled name that matches holds one (name_literal.h); NULL: not
				     known */
	bool ignores_case;
	char *word;		  /* a demangled name that matches holds this; NULL: not known */
	struct name_regex *regex; /* NULL: none */
};

struct pattern_set {
	struct pattern *patterns;
	size_t count, capacity;
};

void pattern_deinit(struct pattern *pattern);

/*
 * Parses the first pattern of @text into *@ret (owned) and sets *@ret_rest behind its comma, or to
 * NULL after the last. Fails with ERR_USAGE.
 */
struct error *pattern_parse(const char *text, struct pattern *ret,
			    const char **ret_rest) MUST_CHECK;

#endif
