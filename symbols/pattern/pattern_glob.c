/* When a name is a glob; see pattern_glob.h. Symbols layer. */
#include "symbols/pattern/pattern_glob.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/names/name_scan.h"

static bool is_array_extent(const struct name_token *token)
{
	for (size_t i = 1; i + 1 < token->bytes; i++) {
		if (token->text[i] < '0' || token->text[i] > '9')
			return false;
	}
	return token->depth > 0 || token->bytes == 2;
}

/* Whether a * behind this byte, inside brackets, makes a pointer rather than a glob. */
static bool byte_ends_type(char byte)
{
	return name_byte_is_word(byte) || strchr("*&>])", byte) != NULL;
}

/*
 * `operator char*`: where the type begins that an operator converts to, outside brackets; NULL: it is
 * no such operator.
 */
static const char *find_conversion(const char *name)
{
	static const char keyword[] = "operator ";
	struct name_scan scan;
	struct name_token token;

	name_scan_init(&scan, name, strlen(name));
	while (name_scan_next(&scan, &token)) {
		const char *type = token.text + strlen(keyword);
		bool is_keyword = token.kind == NAME_TOKEN_TEXT && token.depth == 0 &&
				  strncmp(token.text, keyword, strlen(keyword)) == 0 &&
				  (token.text == name || !name_byte_is_word(token.text[-1]));
		if (is_keyword)
			return name_byte_is_word(*type) && strncmp(type, "new", 3) != 0 &&
					       strncmp(type, "delete", 6) != 0 &&
					       strncmp(type, "co_await", 8) != 0
				       ? type
				       : NULL;
	}
	return NULL;
}

static bool token_is_clone(const struct name_token *token)
{
	static const char clone[] = "[clone";

	return token->kind == NAME_TOKEN_SET && strncmp(token->text, clone, strlen(clone)) == 0;
}

/*
 * Whether a token of a pattern is meant as part of a glob. @conversion: as find_conversion says of the
 * whole.
 */
static bool token_is_glob(const struct name_token *token, const char *start, const char *conversion)
{
	bool in_type = token->depth > 0 || (conversion != NULL && token->text > conversion);

	if (token->kind == NAME_TOKEN_ESCAPE)
		return true;
	if (token->kind == NAME_TOKEN_SET)
		return strncmp(token->text, "[abi:", 5) != 0 && !token_is_clone(token) &&
		       !is_array_extent(token);
	if (token->kind != NAME_TOKEN_TEXT)
		return false;
	if (token->text[0] == '?')
		return true;
	bool ends_open = token->text[1] == '\0' && token->depth > 0;
	/* operator std::s*g: no type goes on behind its star. */
	bool goes_on = token->depth == 0 && name_byte_is_word(token->text[1]);
	return token->text[0] == '*' && (ends_open || goes_on || !in_type || token->text == start ||
					 !byte_ends_type(token->text[-1]));
}

struct error *pattern_glob_make(const char *exact, char **ret)
{
	size_t bytes = strlen(exact), out = 0;
	const char *conversion = find_conversion(exact);
	char *glob = malloc(2 * bytes + 1);
	bool is_glob = false;
	struct name_scan scan;
	struct name_token token;

	if (glob == NULL)
		return error_no_memory();
	name_scan_init(&scan, exact, bytes);
	while (name_scan_next(&scan, &token)) {
		bool as_it_is = token_is_glob(&token, exact, conversion);
		/* [clone .*]: a glob in brackets that are meant. */
		const char *plain = token_is_clone(&token) ? "[\\" : "*?[\\";
		for (size_t i = 0; i < token.bytes; i++) {
			bool is_plain = !as_it_is && strchr(plain, token.text[i]) != NULL;
			if (is_plain)
				glob[out++] = '\\';
			glob[out++] = token.text[i];
			is_glob |= as_it_is || (token_is_clone(&token) && !is_plain &&
						strchr("*?", token.text[i]) != NULL);
		}
	}
	glob[out] = '\0';
	if (!is_glob) {
		free(glob);
		glob = NULL;
	}
	*ret = glob;
	return NULL;
}
