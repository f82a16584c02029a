/*
 * Walks a C++ or Rust name, or a pattern for one, token by token (symbols layer).
 *
 * It knows brackets and the operators whose names hold bracket characters or commas
 * (`operator<`, `operator()`, `operator,`), so that its users need not. It allocates nothing.
 */
#ifndef SYMBOLS_NAMES_NAME_SCAN_H
#define SYMBOLS_NAMES_NAME_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum { NAME_SCAN_DEPTH_MAX = 256 };

struct name_scan {
	const char *next; /* where the next token begins */
	const char *end;
	const char *start;
	unsigned depth; /* brackets open before @next */
	bool too_deep;	/* more than NAME_SCAN_DEPTH_MAX brackets: depths are meaningless */
	char open[NAME_SCAN_DEPTH_MAX];
};

enum name_token_kind {
	NAME_TOKEN_TEXT,      /* one byte that means nothing to the scanner */
	NAME_TOKEN_OPEN,      /* ( < { */
	NAME_TOKEN_CLOSE,     /* ) > } that closes an open one */
	NAME_TOKEN_UNMATCHED, /* ) or } that closes nothing */
	NAME_TOKEN_SET,	      /* [ up to the next ], taken whole */
	NAME_TOKEN_UNCLOSED,  /* [ without a ] */
	NAME_TOKEN_ESCAPE,    /* a backslash and the byte after it */
	NAME_TOKEN_OPERATOR,  /* operator with its symbol, operator new[] */
};

struct name_token {
	enum name_token_kind kind;
	const char *text; /* not terminated */
	size_t bytes;
	unsigned depth; /* of the surroundings: a bracket has the same as its partner */
};

void name_scan_init(struct name_scan *scan, const char *text, size_t bytes);

/* The next token; false at the end. */
bool name_scan_next(struct name_scan *scan, struct name_token *ret);

/* A letter, digit, _, $, or a byte of a UTF-8 letter. */
bool name_byte_is_word(char byte);

#endif
