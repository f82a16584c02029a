/* Token by token through a name; see name_scan.h. Symbols layer. */
#include "symbols/names/name_scan.h"

#include <string.h>

bool name_byte_is_word(char byte)
{
	unsigned char b = (unsigned char)byte;

	return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') ||
	       b == '_' || b == '$' || b >= 0x80;
}

void name_scan_init(struct name_scan *scan, const char *text, size_t bytes)
{
	scan->next = scan->start = text;
	scan->end = text + bytes;
	scan->depth = 0;
	scan->too_deep = false;
}

/* C++'s operators that are not words, the longest first; [over.oper] in the standard. */
static const char *const operator_symbols[] = {
	"delete[]", "new[]", "<=>", "->*", "<<=", ">>=", "()", "[]", "->", "<<",
	">>",	    "<=",    ">=",  "==",  "!=",  "&&",	 "||", "++", "--", "+=",
	"-=",	    "*=",    "/=",  "%=",  "^=",  "&=",	 "|=", "+",  "-",  "*",
	"/",	    "%",     "^",   "&",   "|",	  "~",	 "!",  "=",  "<",  ">",
};

/* `operator,` only where a comma cannot be the separator of two patterns: f(a),operator,g. */
static bool operator_comma_ends_well(const char *after, const char *end)
{
	return after == end || *after == ',' || *after == '(' || *after == '<' || *after == ' ';
}

/* The length of `operator` and its symbol at @scan->next; 0: there is no such thing. */
static size_t name_scan_operator_bytes(const struct name_scan *scan)
{
	static const char keyword[] = "operator";
	const char *at = scan->next;

	if ((size_t)(scan->end - at) <= strlen(keyword) ||
	    memcmp(at, keyword, strlen(keyword)) != 0)
		return 0;
	if (at > scan->start && name_byte_is_word(at[-1]))
		return 0;
	at += strlen(keyword);
	while (at < scan->end && *at == ' ')
		at++;
	for (size_t i = 0; i < sizeof(operator_symbols) / sizeof(operator_symbols[0]); i++) {
		size_t bytes = strlen(operator_symbols[i]);
		bool is_word = name_byte_is_word(operator_symbols[i][0]);
		if ((size_t)(scan->end - at) >= bytes &&
		    memcmp(at, operator_symbols[i], bytes) == 0 && !(is_word && at[-1] != ' '))
			return (size_t)(at + bytes - scan->next);
	}
	if (at < scan->end && *at == ',' && operator_comma_ends_well(at + 1, scan->end))
		return (size_t)(at + 1 - scan->next);
	return 0;
}

static enum name_token_kind name_scan_open(struct name_scan *scan, struct name_token *token)
{
	char byte = token->text[0];

	if (byte == '[') {
		const char *close = memchr(token->text, ']', (size_t)(scan->end - token->text));
		if (close == NULL)
			return NAME_TOKEN_UNCLOSED;
		token->bytes = (size_t)(close + 1 - token->text);
		return NAME_TOKEN_SET;
	}
	if (scan->depth == NAME_SCAN_DEPTH_MAX) {
		scan->too_deep = true;
		return NAME_TOKEN_TEXT;
	}
	scan->open[scan->depth++] = byte;
	return NAME_TOKEN_OPEN;
}

static enum name_token_kind name_scan_close(struct name_scan *scan, struct name_token *token)
{
	char byte = token->text[0];
	char partner = byte == ')' ? '(' : byte == '}' ? '{' : '<';

	/* A > may be a comparison or a shift inside an expression: only ) and } must have a
	 * partner. */
	unsigned depth = scan->depth;
	if (partner == '<') {
		if (depth == 0 || scan->open[depth - 1] != '<')
			return NAME_TOKEN_TEXT;
		depth--;
	} else {
		while (depth > 0 && scan->open[depth - 1] != partner)
			depth--;
		if (depth == 0)
			return NAME_TOKEN_UNMATCHED;
		depth--;
	}
	scan->depth = token->depth = depth;
	return NAME_TOKEN_CLOSE;
}

static enum name_token_kind name_scan_classify(struct name_scan *scan, struct name_token *token)
{
	size_t left = (size_t)(scan->end - token->text);

	switch (token->text[0]) {
	case 'o':
		token->bytes = name_scan_operator_bytes(scan);
		if (token->bytes > 0)
			return NAME_TOKEN_OPERATOR;
		token->bytes = 1;
		return NAME_TOKEN_TEXT;
	case '\\':
		token->bytes = left > 1 ? 2 : 1;
		return NAME_TOKEN_ESCAPE;
	case '-':
	case '=':
		/* An arrow closes nothing. */
		token->bytes = left > 1 && token->text[1] == '>' ? 2 : 1;
		return NAME_TOKEN_TEXT;
	case '(':
	case '<':
	case '{':
	case '[':
		return name_scan_open(scan, token);
	case ')':
	case '>':
	case '}':
		return name_scan_close(scan, token);
	default:
		return NAME_TOKEN_TEXT;
	}
}

bool name_scan_next(struct name_scan *scan, struct name_token *ret)
{
	if (scan->next >= scan->end)
		return false;
	*ret = (struct name_token){ .text = scan->next, .bytes = 1, .depth = scan->depth };
	ret->kind = name_scan_classify(scan, ret);
	scan->next += ret->bytes;
	return true;
}
