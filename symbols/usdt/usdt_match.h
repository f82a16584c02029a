/*
 * The static probes (USDT) of a file that the `usdt:` patterns ask for (symbols layer).
 */
#ifndef SYMBOLS_USDT_USDT_MATCH_H
#define SYMBOLS_USDT_USDT_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "symbols/elf/usdt_notes.h"
#include "symbols/file/symbol_file.h"
#include "symbols/pattern/pattern.h"
#include "tracer/base/error.h"

enum usdt_kind {
	USDT_MARK,  /* a moment */
	USDT_ENTER, /* the first of a pair */
	USDT_LEAVE, /* the second of it */
};

struct usdt_match {
	size_t pattern;			/* USDT_NO_PATTERN: a mark that nothing asks for by name */
	const struct usdt_probe *probe; /* the table's */
	enum usdt_kind kind;
	char *label; /* usdt:provider:name, or mark:name; of a pair without the ending; owned */
};

static const size_t USDT_NO_PATTERN = SIZE_MAX;

/*
 * What the `usdt:` patterns ask for. The full name of a probe asks for the moment; what is left of the
 * names of a pair without their endings asks for the calls between them; a glob asks for the pairs that
 * it matches both of, and for the moments of the others. Pairs end in entry and return or exit, begin
 * and end, start and done or end, behind `_`, `__` or `-`. @wants_marks: those of mprof_mark.h, too, that no pattern
 * asks for or leaves out. *@ret: owned, release with usdt_matches_free.
 */
struct error *usdt_match_all(const struct symbol_file *file, const struct pattern_set *patterns,
			     bool wants_marks, struct usdt_match **ret,
			     size_t *ret_count) MUST_CHECK;
void usdt_matches_free(struct usdt_match *matches, size_t count);

#endif
