/* Texts that a name must hold; see name_literal.h. Symbols layer. */
#include "symbols/names/name_literal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Words that a demangler writes where the mangled name has a code instead (Itanium C++ ABI, 5.1): they,
 * and parts of them, cannot be looked for in a mangled name. A number in or beside such a word
 * (_Float16, 5ul) may be any.
 */
static const char coded_words[] =
	"std allocator basic_string string char_traits basic_istream istream basic_ostream ostream "
	"basic_iostream iostream operator new delete co_await anonymous namespace lambda unnamed "
	"type typename class Class template parameter parm auto decltype const volatile restrict "
	"noexcept throw void wchar_t bool boolean byte char signed unsigned short int long float "
	"double ul ull _Float x bfloat16_t __int128 __float128 decimal32 decimal64 decimal128 half "
	"char8_t char16_t char32_t nullptr_t this non virtual thunk to covariant return guard "
	"variable for initialization initializer init TLS function wrapper clone resume destroy "
	"global constructors destructors keyed default arg hidden alias module java resource abi "
	"sizeof alignof typeid const_cast static_cast dynamic_cast reinterpret_cast "
	"impl closure shim vtable isize usize i128 u128 str dyn mut fn extern unsafe as punycode "
	"construction in typeinfo name VTT transaction transaction_safe reference temporary true "
	"false object complex imaginary _Complex _Imaginary __vector alternatename structured "
	"binding vector literal";

bool name_literal_is_usable(const char *text, size_t bytes, bool ignores_case)
{
	char word[256];

	if (bytes == 0 || bytes >= sizeof(word))
		return false;
	for (size_t i = 0; i < bytes; i++) {
		if ((unsigned char)text[i] >= 0x80 || text[i] == '$')
			return false;
	}
	memcpy(word, text, bytes);
	word[bytes] = '\0';
	return (ignores_case ? strcasestr : strstr)(coded_words, word) == NULL;
}

/* Only letters: numbers may come from anywhere. */
static bool byte_is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

/* A walk over a regular expression (pcre2pattern(3)). */
struct regex_walk {
	const char *next, *end;
	bool ignores_case;
	unsigned depth;	  /* groups open */
	const char *run;  /* letters in a row outside groups, up to @next; NULL: none */
	const char *best; /* of this alternative; NULL: none yet */
	size_t best_bytes;
	FILE *found; /* those of the alternatives before it, each with its '\0' */
};

/* The run is over before @end. */
static void regex_walk_end_run(struct regex_walk *walk, const char *end)
{
	size_t bytes = walk->run == NULL || walk->run > end ? 0 : (size_t)(end - walk->run);

	if (bytes > walk->best_bytes &&
	    name_literal_is_usable(walk->run, bytes, walk->ignores_case)) {
		walk->best = walk->run;
		walk->best_bytes = bytes;
	}
	walk->run = NULL;
}

/* An alternative is over; false: nothing is known that its matches hold. */
static bool regex_walk_end_alternative(struct regex_walk *walk)
{
	if (walk->best == NULL)
		return false;
	fprintf(walk->found, "%.*s%c", (int)walk->best_bytes, walk->best, '\0');
	walk->best = NULL;
	walk->best_bytes = 0;
	return true;
}

/*
 * Passes over a backslash and what belongs to it, which must be one byte: a sign meant as it is, or a
 * kind of character or place. False: it may be more, or change what follows (\x41, \Q, \E).
 */
static bool regex_walk_escape(struct regex_walk *walk)
{
	char byte = walk->next + 1 < walk->end ? walk->next[1] : 'E';

	walk->next += 2;
	return strchr("bBdDsSwWAZz", byte) != NULL ||
	       (!byte_is_letter(byte) && !(byte >= '0' && byte <= '9'));
}

/* Passes over [a set]; false: it holds what is not read here. */
static bool regex_walk_set(struct regex_walk *walk)
{
	walk->next++;
	if (walk->next < walk->end && *walk->next == '^')
		walk->next++;
	/* The first ] is one of the set. */
	if (walk->next < walk->end && *walk->next == ']')
		walk->next++;
	while (walk->next < walk->end) {
		if (*walk->next == ']') {
			walk->next++;
			return true;
		}
		if (*walk->next == '[')
			return false;
		if (*walk->next != '\\')
			walk->next++;
		else if (!regex_walk_escape(walk))
			return false;
	}
	return false;
}

/* Passes over {a count}. */
static bool regex_walk_count(struct regex_walk *walk)
{
	const char *close = memchr(walk->next, '}', (size_t)(walk->end - walk->next));

	if (close != NULL)
		walk->next = close + 1;
	return close != NULL;
}

/* Into ( or (?: , not into a group that sets options, looks around or is a verb. */
static bool regex_walk_open(struct regex_walk *walk)
{
	walk->next++;
	walk->depth++;
	if (walk->next < walk->end && *walk->next == '*')
		return false;
	if (walk->next == walk->end || *walk->next != '?')
		return true;
	walk->next += 2;
	return walk->next <= walk->end && walk->next[-1] == ':';
}

/* One step; false: the expression holds what is not read here, or nothing that it must match. */
static bool regex_walk_step(struct regex_walk *walk)
{
	char byte = *walk->next;
	bool is_optional = strchr("?*{", byte) != NULL;

	if (byte_is_letter(byte)) {
		if (walk->run == NULL && walk->depth == 0)
			walk->run = walk->next;
		walk->next++;
		return true;
	}
	regex_walk_end_run(walk, is_optional ? walk->next - 1 : walk->next);
	switch (byte) {
	case '\\':
		return regex_walk_escape(walk);
	case '[':
		return regex_walk_set(walk);
	case '{':
		return regex_walk_count(walk);
	case '(':
		return regex_walk_open(walk);
	case ')':
		walk->next++;
		return walk->depth-- > 0;
	case '|':
		walk->next++;
		return walk->depth > 0 || regex_walk_end_alternative(walk);
	default:
		walk->next++;
		return true;
	}
}

/* Whether it was read to its end, and each alternative has a literal. */
static bool regex_walk_run(struct regex_walk *walk)
{
	while (walk->next < walk->end) {
		if (!regex_walk_step(walk))
			return false;
	}
	regex_walk_end_run(walk, walk->end);
	return walk->depth == 0 && regex_walk_end_alternative(walk);
}

struct error *name_literals_of_regex(const char *regex, size_t bytes, bool ignores_case, char **ret)
{
	struct regex_walk walk = {
		.next = regex,
		.end = regex + bytes,
		.ignores_case = ignores_case,
	};
	char *found = NULL;
	size_t found_bytes;

	*ret = NULL;
	walk.found = open_memstream(&found, &found_bytes);
	if (walk.found == NULL)
		return error_no_memory();
	bool is_known = regex_walk_run(&walk);
	if (fclose(walk.found) != 0) {
		free(found);
		return error_no_memory();
	}
	if (is_known)
		*ret = found; /* open_memstream has put another '\0' behind the last */
	else
		free(found);
	return NULL;
}

bool name_holds_literal(const char *linkage_name, const char *literals, bool ignores_case)
{
	for (; *literals != '\0'; literals += strlen(literals) + 1) {
		if ((ignores_case ? strcasestr : strstr)(linkage_name, literals) != NULL)
			return true;
	}
	return false;
}

bool name_is_spelled_in_code(const char *linkage_name)
{
	return (linkage_name[0] == '_' && linkage_name[1] == 'D') ||
	       strstr(linkage_name, "$u") != NULL;
}
