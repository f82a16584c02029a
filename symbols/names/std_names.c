/* Short names of the C++ library; see std_names.h. Symbols layer. */
#include "symbols/names/std_names.h"

#include <string.h>

#include "symbols/names/name_scan.h"

/* Of libstdc++ and libc++; such names are reserved to them. */
static const char *const inline_namespaces[] = { "__cxx11::", "__n4861::", "__1::", "_V2::" };

/* Last arguments that nobody writes. */
static const char *const defaults[] = {
	"std::allocator<", "std::char_traits<", "std::less<",
	"std::equal_to<",  "std::hash<",	"std::default_delete<",
};

/* [string.classes], [iostream.forward]: basic_X<char16_t> is u16X. */
static const struct {
	const char *type, *prefix;
} characters[] = {
	{ "char", "" },	       { "wchar_t", "w" },    { "char8_t", "u8" },
	{ "char16_t", "u16" }, { "char32_t", "u32" },
};

static const char BASIC[] = "basic_";

struct shortener {
	const char *end; /* of the text */
	char *out;
	size_t bytes;
	size_t open[NAME_SCAN_DEPTH_MAX]; /* by depth: where the < is in @out */
};

static bool begins(const char *text, const char *end, const char *start)
{
	size_t bytes = strlen(start);

	return (size_t)(end - text) >= bytes && memcmp(text, start, bytes) == 0;
}

static void put(struct shortener *to, const char *text, size_t bytes)
{
	memcpy(to->out + to->bytes, text, bytes);
	to->bytes += bytes;
}

/* The bytes of an inline namespace at @at, which stands behind `::`. */
static size_t inline_namespace_bytes(const struct shortener *to, const char *at)
{
	if (to->bytes < 2 || memcmp(to->out + to->bytes - 2, "::", 2) != 0)
		return 0;
	for (size_t i = 0; i < sizeof(inline_namespaces) / sizeof(inline_namespaces[0]); i++) {
		if (begins(at, to->end, inline_namespaces[i]))
			return strlen(inline_namespaces[i]);
	}
	return 0;
}

/* Where the last of several arguments begins that are in @out from @first on; 0: there is one. */
static size_t last_argument(const struct shortener *to, size_t first)
{
	size_t last = 0;
	struct name_scan scan;
	struct name_token token;

	name_scan_init(&scan, to->out + first, to->bytes - first);
	while (name_scan_next(&scan, &token)) {
		if (token.kind == NAME_TOKEN_TEXT && token.depth == 0 && token.text[0] == ',')
			last = (size_t)(token.text + 1 - to->out);
	}
	return last;
}

/* Takes back arguments that are defaults, before their bracket is closed. */
static void drop_defaults(struct shortener *to, size_t first)
{
	size_t last;

	while ((last = last_argument(to, first)) > 0) {
		bool is_default = false;
		for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
			is_default |= begins(to->out + last, to->out + to->bytes, defaults[i]);
		if (!is_default)
			return;
		to->bytes = last - 1;
	}
}

/* Where the qualified name begins that ends at @end in @out. */
static size_t name_start(const struct shortener *to, size_t end)
{
	size_t start = end;

	while (start > 0 && (name_byte_is_word(to->out[start - 1]) || to->out[start - 1] == ':'))
		start--;
	return start;
}

/*
 * Turns `std::basic_string<char`, the end of @out, into `std::string`, and a constructor or destructor
 * that follows at @after likewise. Returns where the text goes on; NULL: it is something else.
 */
static const char *put_own_word(struct shortener *to, size_t name, size_t open, const char *after)
{
	static const char std[] = "std::";
	const char *argument = to->out + open + 1, *prefix = NULL;
	size_t argument_bytes = to->bytes - open - 1;
	size_t word = name + strlen(std) + strlen(BASIC), word_bytes = open - word;
	char copy[32];

	for (size_t i = 0; i < sizeof(characters) / sizeof(characters[0]); i++) {
		if (strlen(characters[i].type) == argument_bytes &&
		    memcmp(characters[i].type, argument, argument_bytes) == 0)
			prefix = characters[i].prefix;
	}
	if (prefix == NULL || open <= word || word_bytes >= sizeof(copy) ||
	    !begins(to->out + name + strlen(std), to->out + open, BASIC))
		return NULL;
	memcpy(copy, to->out + word, word_bytes);
	copy[word_bytes] = '\0';
	to->bytes = name + strlen(std);
	put(to, prefix, strlen(prefix));
	put(to, copy, word_bytes);

	const char *own = after;
	if (!begins(own, to->end, "::"))
		return after;
	own += 2;
	own += own < to->end && *own == '~';
	const char *rest = own + strlen(BASIC) + word_bytes;
	if (!begins(own, to->end, BASIC) || !begins(own + strlen(BASIC), to->end, copy) ||
	    (rest < to->end && name_byte_is_word(*rest)))
		return after;
	put(to, after, (size_t)(own - after));
	put(to, prefix, strlen(prefix));
	put(to, copy, word_bytes);
	return rest;
}

/* A > closes the arguments of a template. */
static void put_close(struct shortener *to, struct name_scan *scan, const struct name_token *token)
{
	size_t open = to->open[token->depth];
	size_t name = name_start(to, open);

	if (begins(to->out + name, to->out + open, "std::")) {
		drop_defaults(to, open + 1);
		const char *after = put_own_word(to, name, open, scan->next);
		if (after != NULL) {
			scan->next = after;
			/* As the normaliser would have put it, had the word stood there. */
			if (after < to->end && name_byte_is_word(*after))
				put(to, " ", 1);
			return;
		}
	}
	put(to, token->text, token->bytes);
}

bool std_names_occur(const char *text)
{
	return strstr(text, "std::") != NULL;
}

size_t std_names_shorten(const char *text, size_t bytes, char *out)
{
	struct shortener to = { .end = text + bytes, .out = out };
	struct name_scan scan;
	struct name_token token;

	name_scan_init(&scan, text, bytes);
	while (name_scan_next(&scan, &token)) {
		size_t skipped = inline_namespace_bytes(&to, token.text);
		if (skipped > 0) {
			scan.next = token.text + skipped;
			continue;
		}
		if (token.kind == NAME_TOKEN_OPEN)
			to.open[token.depth] = to.bytes;
		if (token.kind == NAME_TOKEN_CLOSE && token.text[0] == '>')
			put_close(&to, &scan, &token);
		else
			put(&to, token.text, token.bytes);
	}
	if (scan.too_deep) {
		memcpy(out, text, bytes);
		to.bytes = bytes;
	}
	out[to.bytes] = '\0';
	return to.bytes;
}
